import {
  type AgentEnding,
  type AgentProfile,
  GARBLED,
  UNKNOWN_USAGE,
  unreadableResult,
} from './agent-profile.ts';
import { countAt, isAmbiguous, type JsonObject, objectAt, parseObject, sum, textAt } from './json-fields.ts';

/**
 * Codex: `codex exec --json`, one event per line. The session is one turn of its own, which ends in `turn.completed`
 * with the tokens of all answers, or in `turn.failed`; an `error` alone may be a connection that it tries again. It
 * reports no cost and no number of answers.
 */
export const codex: AgentProfile = {
  bin: 'codex',
  commandLine: ({ prompt, model, args }) => [
    'exec',
    '--json',
    '--skip-git-repo-check',
    ...(model === null ? [] : ['--model', model]),
    ...args,
    '--',
    prompt,
  ],
  env: ['OPENAI_API_KEY', 'CODEX_API_KEY', 'CODEX_ACCESS_TOKEN', 'CODEX_HOME', 'OPENAI_BASE_URL'],
  neverTold: ['cost', 'turns'],
  exitCodes: {},
  read: (lines) => {
    // A turn that failed stays failed, whatever is printed after it.
    let failed: AgentEnding | null = null;
    let ending: AgentEnding = { kind: 'unreadable', problem: 'it printed no "turn.completed"' };
    let input: number | null = 0;
    let output: number | null = 0;
    let turns = 0;
    let garbled = false;
    let delegated = false;
    for (const line of lines) {
      const event = parseObject(line);
      garbled ||= event === null && (TURN.test(line) || isAmbiguous(line));
      if (event === null) continue;
      delegated ||= isDelegation(event);
      if (event.type === 'turn.started') {
        turns += 1;
        ending = { kind: 'unreadable', problem: 'its last turn has no end' };
      }
      if (event.type === 'turn.failed') {
        const error = objectAt(event, 'error');
        const problem = (error === null ? null : textAt(error, 'message')) ?? 'turn.failed';
        failed ??= { kind: 'failed', problem };
        // What the failed turn has used is not told.
        input = null;
        output = null;
      }
      if (event.type === 'turn.completed') {
        const usage = objectAt(event, 'usage');
        input = sum([input, countAt(usage, 'input_tokens')]);
        output = sum([output, countAt(usage, 'output_tokens')]);
        ending = { kind: 'success' };
      }
    }
    if (garbled) return unreadableResult(GARBLED);
    const last = failed ?? ending;
    const known = turns > 0 && last.kind !== 'unreadable' && !delegated;
    const usage = known ? { ...UNKNOWN_USAGE, input_tokens: input, output_tokens: output } : UNKNOWN_USAGE;
    return { usage, ending: last };
  },
};

/** An event within a line that is no JSON: what the agent has started can write to its stdout as well. */
const TURN = /"turn\.(?:started|completed|failed)"/;

/** A thread of another agent: what it uses is not in that of the turn. */
function isDelegation(event: JsonObject): boolean {
  const item = objectAt(event, 'item');
  if (item?.type !== 'collab_tool_call') return false;
  const { receiver_thread_ids: others } = item;
  return item.tool !== 'wait' || !Array.isArray(others) || others.length > 0;
}
