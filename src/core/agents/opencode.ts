import {
  type AgentEnding,
  type AgentProfile,
  type AgentUsage,
  GARBLED,
  UNKNOWN_USAGE,
  unreadableResult,
} from './agent-profile.ts';
import {
  amountAt,
  countAt,
  isAmbiguous,
  type JsonObject,
  objectAt,
  optionalCount,
  parseObject,
  sum,
  textAt,
} from './json-fields.ts';

const NO_STEP = unreadable('it printed no "step_finish"');
const NONE_USED: AgentUsage = { cost_usd: 0, input_tokens: 0, output_tokens: 0, turns: 0 };

/** opencode: `opencode run --format json`, one event per line; each answer of the model ends in `step_finish`. */
export const opencode: AgentProfile = {
  bin: 'opencode',
  commandLine: ({ prompt, model, args }) => [
    'run',
    '--format',
    'json',
    // Without a title it asks the model for one, and does not report what that has used.
    '--title',
    'orchestrator',
    ...(model === null ? [] : ['--model', model]),
    ...args,
    '--',
    prompt,
  ],
  env: [
    'OPENCODE_CONFIG',
    'OPENCODE_CONFIG_DIR',
    'OPENCODE_API_KEY',
    'ANTHROPIC_API_KEY',
    'OPENAI_API_KEY',
    'GEMINI_API_KEY',
    'GOOGLE_GENERATIVE_AI_API_KEY',
    'OPENROUTER_API_KEY',
  ],
  neverTold: [],
  exitCodes: {},
  read: (lines) => {
    let ending: AgentEnding = NO_STEP;
    let error: AgentEnding | null = null;
    let usage = NONE_USED;
    // Of an answer that has no end, and of the session of another agent, what it has used is not told.
    let open = false;
    let delegated = false;
    let garbled = false;
    for (const line of lines) {
      const event = parseObject(line);
      garbled ||= event === null && (EVENT.test(line) || isAmbiguous(line));
      if (event === null) continue;
      const part = objectAt(event, 'part');
      if (event.type === 'error') error = { kind: 'failed', problem: errorOf(event) };
      if (event.type === 'step_start') {
        ending = CUT;
        open = true;
      }
      if (event.type === 'step_finish') {
        usage = add(usage, part ?? {});
        ending = endingOf(part ?? {});
        open = part === null;
      }
      if (event.type === 'tool_use' && part?.tool === 'task') delegated = true;
    }
    if (garbled) return unreadableResult(GARBLED);
    const known = usage.turns !== 0 && !delegated && !open;
    return { usage: known ? usage : UNKNOWN_USAGE, ending: error ?? ending };
  },
};

/** An event within a line that is no JSON: what the agent has started can write to its stdout as well. */
const EVENT = /"type"\s*:\s*"(?:step_start|step_finish|tool_use|error)"/;

const CUT = unreadable('its last step has no end');

function add(usage: AgentUsage, part: JsonObject): AgentUsage {
  const tokens = objectAt(part, 'tokens');
  const cache = tokens === null ? null : objectAt(tokens, 'cache');
  return {
    cost_usd: sum([usage.cost_usd, costOf(part, tokens)]),
    input_tokens: sum([
      usage.input_tokens,
      countAt(tokens, 'input'),
      optionalCount(cache, 'read'),
      optionalCount(cache, 'write'),
    ]),
    output_tokens: sum([usage.output_tokens, countAt(tokens, 'output'), optionalCount(tokens, 'reasoning')]),
    turns: sum([usage.turns, 1]),
  };
}

/** Of a model without a price it says 0, however much was used: that is no cost that is known. */
function costOf(part: JsonObject, tokens: JsonObject | null): number | null {
  const cost = amountAt(part, 'cost');
  const used = sum([countAt(tokens, 'input'), countAt(tokens, 'output')]);
  return cost === 0 && used !== 0 ? null : cost;
}

/** Any reason but `stop` is an answer that was cut, filtered or waits for a tool. */
function endingOf(part: JsonObject): AgentEnding {
  const reason = textAt(part, 'reason');
  if (reason === 'stop') return { kind: 'success' };
  if (reason === null) return { kind: 'unreadable', problem: 'its last step has no reason' };
  return { kind: 'failed', problem: `its last step ended with "${reason}"` };
}

function errorOf(event: JsonObject): string {
  const error = objectAt(event, 'error');
  const data = error === null ? null : objectAt(error, 'data');
  const name = error === null ? null : textAt(error, 'name');
  const message = data === null ? null : textAt(data, 'message');
  return [name, message].filter((one) => one !== null).join(': ') || 'an error without a name';
}

function unreadable(problem: string): AgentEnding {
  return { kind: 'unreadable', problem };
}
