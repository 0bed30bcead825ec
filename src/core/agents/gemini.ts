import {
  type AgentEnding,
  type AgentProfile,
  type AgentResult,
  GARBLED,
  unreadableResult,
} from './agent-profile.ts';
import {
  countAt,
  isObject,
  type JsonObject,
  objectAt,
  optionalCount,
  parseObject,
  sum,
  textAt,
} from './json-fields.ts';

/** A result longer than this is none, in characters. */
const MAX_RESULT = 8 * 1024 * 1024;

/** Gemini CLI: `--output-format json` prints one object over several lines, with tokens by model and no cost. */
export const gemini: AgentProfile = {
  bin: 'gemini',
  commandLine: ({ prompt, model, args }) => [
    `--prompt=${prompt}`,
    '--output-format',
    'json',
    ...(model === null ? [] : ['--model', model]),
    ...args,
  ],
  env: [
    'GEMINI_API_KEY',
    'GOOGLE_API_KEY',
    'GOOGLE_APPLICATION_CREDENTIALS',
    'GOOGLE_CLOUD_PROJECT',
    'GOOGLE_CLOUD_LOCATION',
    'GOOGLE_GENAI_USE_VERTEXAI',
  ],
  neverTold: ['cost'],
  exitCodes: {
    42: { kind: 'failed', problem: 'it could not use its prompt or arguments' },
    53: { kind: 'capped', problem: 'it reached its turn limit' },
  },
  read: (lines) => {
    const kept: string[] = [];
    let length = 0;
    let garbled = false;
    for (const line of lines) {
      if (length === 0 && !line.startsWith('{')) {
        garbled ||= KEY.test(line);
        continue;
      }
      length += line.length + 1;
      if (length <= MAX_RESULT) kept.push(line);
    }
    if (garbled) return unreadableResult(GARBLED);
    if (length > MAX_RESULT) return unreadableResult('its result is too long');
    const result = parseObject(kept.join('\n'));
    return result === null ? unreadableResult('it printed no JSON object') : readResult(result);
  },
};

/** A result that does not begin a line: what the agent has started can write to its stdout as well. */
const KEY = /^\s+"(?:response|stats|error)"\s*:|\{.*"(?:response|stats|error)"\s*:/;

function readResult(result: JsonObject): AgentResult {
  const stats = objectAt(result, 'stats');
  const byModel = stats === null ? null : objectAt(stats, 'models');
  const models = byModel === null ? [] : Object.values(byModel);
  const over = (count: (model: JsonObject) => number | null) =>
    models.length === 0 ? null : sum(models.map((one) => (isObject(one) ? count(one) : null)));
  return {
    usage: {
      cost_usd: null,
      input_tokens: over((model) => {
        const tokens = objectAt(model, 'tokens');
        // The API counts what tools have put into a prompt beside it.
        return sum([countAt(tokens, 'prompt'), optionalCount(tokens, 'tool')]);
      }),
      output_tokens: over((model) => {
        const tokens = objectAt(model, 'tokens');
        return sum([countAt(tokens, 'candidates'), optionalCount(tokens, 'thoughts')]);
      }),
      turns: over((model) => countAt(objectAt(model, 'api'), 'totalRequests')),
    },
    ending: endingOf(result),
  };
}

function endingOf(result: JsonObject): AgentEnding {
  if (Object.hasOwn(result, 'error') && result.error !== null) {
    const error = objectAt(result, 'error');
    const problem = (error === null ? null : textAt(error, 'message')) ?? 'an error without a message';
    return { kind: 'failed', problem };
  }
  return textAt(result, 'response') === null
    ? { kind: 'unreadable', problem: 'its result has no response' }
    : { kind: 'success' };
}
