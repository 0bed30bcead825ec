import { type AgentEnding, type AgentProfile, type AgentUsage, UNKNOWN_USAGE } from './agent-profile.ts';
import {
  amountAt,
  countAt,
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
  exitCodes: {},
  read: (lines) => {
    let ending: AgentEnding = NO_STEP;
    let error: AgentEnding | null = null;
    let usage = NONE_USED;
    let delegated = false;
    for (const line of lines) {
      const event = parseObject(line);
      if (event === null) continue;
      const part = objectAt(event, 'part');
      if (event.type === 'error') error = { kind: 'failed', problem: errorOf(event) };
      if (event.type === 'step_start') ending = CUT;
      if (event.type === 'step_finish' && part !== null) {
        usage = add(usage, part);
        ending = endingOf(part);
      }
      // A session of another agent reports nothing here of what it has used.
      if (event.type === 'tool_use' && part?.tool === 'task') delegated = true;
    }
    return { usage: usage.turns === 0 || delegated ? UNKNOWN_USAGE : usage, ending: error ?? ending };
  },
};

const CUT = unreadable('its last step has no end');

function add(usage: AgentUsage, part: JsonObject): AgentUsage {
  const tokens = objectAt(part, 'tokens');
  const cache = tokens === null ? null : objectAt(tokens, 'cache');
  return {
    cost_usd: sum([usage.cost_usd, amountAt(part, 'cost')]),
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
