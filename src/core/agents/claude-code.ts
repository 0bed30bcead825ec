import {
  type AgentEnding,
  type AgentProfile,
  type AgentResult,
  type AgentUsage,
  GARBLED,
  unreadableResult,
} from './agent-profile.ts';
import {
  amountAt,
  countAt,
  isAmbiguous,
  isObject,
  type JsonObject,
  larger,
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
  neverTold: [],
  exitCodes: {},
  read: (lines) => {
    const results: JsonObject[] = [];
    let garbled = false;
    for (const line of lines) {
      const value = parseJson(line);
      garbled ||= value === undefined && (RESULT.test(line) || isAmbiguous(line));
      results.push(...resultsIn(value));
    }
    if (garbled) return unreadableResult(GARBLED);
    if (results.length === 0) return unreadableResult('it printed no object of type "result"');
    return together(results.map(readResult));
  },
};

/** A result within a line that is no JSON: what the agent has started can write to its stdout as well. */
const RESULT = /"type"\s*:\s*"result"/;

/** With --verbose the one JSON value is a list of messages. */
function resultsIn(value: unknown): readonly JsonObject[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  return all.filter(isObject).filter((one) => one.type === 'result');
}

/** One is the rule. Of several none may say less than success; the cost is of the whole session in each. */
function together(results: readonly AgentResult[]): AgentResult {
  const usages = results.map((one) => one.usage);
  const all = (part: keyof AgentUsage) => usages.map((one) => one[part]);
  return {
    usage: {
      cost_usd: all('cost_usd').reduce(larger),
      input_tokens: sum(all('input_tokens')),
      output_tokens: sum(all('output_tokens')),
      turns: sum(all('turns')),
    },
    ending: results.find((one) => one.ending.kind !== 'success')?.ending ?? { kind: 'success' },
  };
}

function readResult(result: JsonObject): AgentResult {
  const usage = objectAt(result, 'usage');
  const input = sum([
    countAt(usage, 'input_tokens'),
    optionalCount(usage, 'cache_creation_input_tokens'),
    optionalCount(usage, 'cache_read_input_tokens'),
  ]);
  const output = countAt(usage, 'output_tokens');
  const models = usageByModel(result);
  return {
    usage: {
      cost_usd: amountAt(result, 'total_cost_usd'),
      input_tokens: models === null ? input : larger(input, models.input),
      output_tokens: models === null ? output : larger(output, models.output),
      turns: countAt(result, 'num_turns'),
    },
    ending: endingOf(result),
  };
}

/** `modelUsage`, of newer versions: it holds what sub-agents have used as well, which `usage` may not. */
function usageByModel(result: JsonObject) {
  const models = objectAt(result, 'modelUsage');
  if (models === null) return null;
  const over = (keys: readonly string[]) =>
    sum(Object.values(models).flatMap((one) => keys.map((key) => countAt(isObject(one) ? one : null, key))));
  return {
    input: over(['inputTokens', 'cacheCreationInputTokens', 'cacheReadInputTokens']),
    output: over(['outputTokens']),
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
