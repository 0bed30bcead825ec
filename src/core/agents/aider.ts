import {
  type AgentEnding,
  type AgentProfile,
  type AgentUsage,
  GARBLED,
  UNKNOWN_USAGE,
  unreadableResult,
} from './agent-profile.ts';
import { sum } from './json-fields.ts';

/** `Tokens: 4.2k sent, 1.1k cache write, 512 received. Cost: $0.01 message, $0.02 session.` */
const TOKENS =
  /^Tokens: (.{1,200}?) received\.(?: Cost: \$([0-9.]{1,20}) message, \$([0-9.]{1,20}) session\.)?$/;
const COUNT = /^([0-9,]{1,20}(?:\.[0-9]{1,6})?)([kM]?)(?: (sent|cache write|cache hit))?$/;

/** Its report behind something else: what it has started can write to its stdout as well. */
const HIDDEN = /.Tokens: [0-9][0-9.,]*[kM]? (?:sent|cache)/;

/** What it prints when it gives up, and exits 0 all the same. */
const GAVE_UP: readonly RegExp[] = [
  /^Only \d+ reflections allowed, stopping\.$/,
  /^litellm\.[A-Za-z.]{1,80}(Error|Exception)/,
  /^The API provider is not able to authenticate you\b/,
  /^Model .{1,200} has hit a token limit!$/,
  /^Retry limit exceeded\b/,
  /^Unable to (connect|complete)\b/,
];

/** aider: plain text; a line of tokens, and of cost where it knows a price, after each answer of the model. */
export const aider: AgentProfile = {
  bin: 'aider',
  commandLine: ({ prompt, model, args }) => [
    '--message',
    prompt,
    '--yes-always',
    '--no-stream',
    '--no-pretty',
    '--no-fancy-input',
    '--no-auto-commits',
    '--no-dirty-commits',
    '--no-check-update',
    '--no-show-release-notes',
    '--no-gitignore',
    '--no-analytics',
    ...(model === null ? [] : ['--model', model]),
    ...args,
  ],
  env: [
    'OPENAI_API_KEY',
    'OPENAI_API_BASE',
    'ANTHROPIC_API_KEY',
    'GEMINI_API_KEY',
    'DEEPSEEK_API_KEY',
    'OPENROUTER_API_KEY',
    'AIDER_MODEL',
  ],
  neverTold: [],
  exitCodes: {},
  read: (lines) => {
    let usage: AgentUsage = { cost_usd: 0, input_tokens: 0, output_tokens: 0, turns: 0 };
    let ending: AgentEnding = { kind: 'success' };
    let report: string | null = null;
    let garbled = false;
    for (const raw of lines) {
      const line = raw.trimEnd();
      if (report !== null) {
        usage = add(usage, continued(report, line));
        report = null;
      }
      if (GAVE_UP.some((one) => one.test(line))) ending = { kind: 'failed', problem: line.slice(0, 300) };
      garbled ||= HIDDEN.test(line);
      if (line.startsWith('Tokens: ')) report = line;
    }
    if (report !== null) usage = add(usage, report);
    if (garbled) return unreadableResult(GARBLED);
    if (usage.turns !== 0) return { usage, ending };
    const problem = 'it printed no line of tokens: no answer of the model was used';
    return {
      usage: UNKNOWN_USAGE,
      ending: ending.kind === 'failed' ? ending : { kind: 'unreadable', problem },
    };
  },
};

/** What it prints is wrapped at the width of a terminal, and its cost may stand on a line of its own. */
function continued(report: string, next: string): string {
  return !TOKENS.test(report) || next.startsWith('Cost: ') ? `${report} ${next}` : report;
}

function add(usage: AgentUsage, line: string): AgentUsage {
  const match = TOKENS.exec(line);
  const parts = match?.[1]?.split(', ') ?? [];
  const received = parts.at(-1);
  const sent = parts.slice(0, -1).map(mostOf);
  const cost = match?.[2] === undefined ? null : Number(match[2]);
  return {
    // The figure of the session is rounded again: the messages are added up.
    cost_usd: sum([usage.cost_usd, Number.isFinite(cost) ? cost : null]),
    input_tokens: sum([usage.input_tokens, ...(sent.length === 0 ? [null] : sent)]),
    output_tokens: sum([usage.output_tokens, received === undefined ? null : mostOf(received)]),
    turns: sum([usage.turns, 1]),
  };
}

/** The most that a rounded figure can stand for: a limit must not be passed by rounding. */
function mostOf(text: string): number | null {
  const match = COUNT.exec(text);
  if (match === null) return null;
  const [, digits = '', unit = ''] = match;
  const decimals = digits.split('.')[1]?.length ?? 0;
  const scale = unit === 'k' ? 1e3 : unit === 'M' ? 1e6 : 1;
  const value = Number(digits.replaceAll(',', '')) * scale;
  if (!Number.isFinite(value)) return null;
  return Math.round(unit === '' ? value : value + (scale * 10 ** -decimals) / 2);
}
