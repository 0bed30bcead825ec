import { type AgentEnding, type AgentProfile, type AgentResult, UNKNOWN_USAGE } from './agent-profile.ts';
import {
  amountAt,
  countAt,
  isObject,
  type JsonObject,
  objectAt,
  optionalCount,
  parseJson,
  sum,
  textAt,
} from './json-fields.ts';

/** Subtypes of a result that say it has stopped at a limit it was told. */
const CAPS: readonly string[] = ['error_max_budget_usd', 'error_max_turns'];

/** Claude Code: `claude -p`, one JSON object of type `result`, or a line of it among others (`stream-json`). */
export const claudeCode: AgentProfile = {
  bin: 'claude',
  commandLine: ({ prompt, model, args, costUsd, turns }) => [
    // Next to -p: an option that takes a list would swallow a prompt at the end.
    '-p',
    prompt,
    '--output-format',
    'json',
    ...(model === null ? [] : ['--model', model]),
    ...(costUsd === null ? [] : ['--max-budget-usd', String(costUsd)]),
    ...(turns === null ? [] : ['--max-turns', String(turns)]),
    ...args,
  ],
  env: [
    'ANTHROPIC_API_KEY',
    'ANTHROPIC_AUTH_TOKEN',
    'ANTHROPIC_BASE_URL',
    'CLAUDE_CODE_OAUTH_TOKEN',
    'CLAUDE_CONFIG_DIR',
  ],
  exitCodes: {},
  read: (lines) => {
    let last: JsonObject | null = null;
    for (const line of lines) last = resultIn(parseJson(line)) ?? last;
    if (last !== null) return readResult(last);
    const problem = 'it printed no object of type "result"';
    return { usage: UNKNOWN_USAGE, ending: { kind: 'unreadable', problem } };
  },
};

/** With --verbose the one JSON value is a list of messages. */
function resultIn(value: unknown): JsonObject | null {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  return all.filter(isObject).findLast((one) => one.type === 'result') ?? null;
}

function readResult(result: JsonObject): AgentResult {
  const usage = objectAt(result, 'usage');
  return {
    usage: {
      cost_usd: amountAt(result, 'total_cost_usd'),
      input_tokens: sum([
        countAt(usage, 'input_tokens'),
        optionalCount(usage, 'cache_creation_input_tokens'),
        optionalCount(usage, 'cache_read_input_tokens'),
      ]),
      output_tokens: countAt(usage, 'output_tokens'),
      turns: countAt(result, 'num_turns'),
    },
    ending: endingOf(result),
  };
}

/** Only `success` without `is_error` is one: a refused key ends as `success` with `is_error: true`. */
function endingOf(result: JsonObject): AgentEnding {
  const subtype = textAt(result, 'subtype');
  if (subtype === null || typeof result.is_error !== 'boolean') {
    return { kind: 'unreadable', problem: 'its result has no subtype, or no is_error' };
  }
  if (CAPS.includes(subtype)) return { kind: 'capped', problem: subtype };
  if (subtype === 'success' && !result.is_error) return { kind: 'success' };
  const said = textAt(result, 'result');
  return { kind: 'failed', problem: said === null ? subtype : `${subtype}: ${said}` };
}
