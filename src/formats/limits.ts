/** A whole number's range, both ends included. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** What a timer of the runtime can hold (spec section 1: 1 … 2³¹−1 ms). */
const MAX_TIMER = 2 ** 31 - 1;

/** The ranges of the numbers that an operator can set, by config key; the same for flags and config file. */
export const RANGES = {
  timeout_ms: { min: 1, max: MAX_TIMER },
  run_timeout_ms: { min: 1, max: MAX_TIMER },
  kill_grace_ms: { min: 0, max: MAX_TIMER },
  execution_max_iterations: { min: 1, max: 1_000_000 },
  reviewer_remediation_max_cycles: { min: 0, max: 1_000_000 },
  max_tokens: { min: 1, max: 1_000_000_000_000 },
  max_turns: { min: 1, max: 1_000_000 },
  max_artifact_bytes: { min: 1, max: MAX_TIMER },
  max_log_bytes: { min: 0, max: Number.MAX_SAFE_INTEGER },
  gate_wait_ms: { min: 0, max: MAX_TIMER },
  gate_poll_ms: { min: 100, max: 86_400_000 },
  policy_min_rules: { min: 1, max: 1_000_000 },
  review_approvals: { min: 1, max: 100 },
  approvers_required: { min: 1, max: 100 },
  scope_max_files: { min: 0, max: 1_000_000 },
  scope_max_lines: { min: 0, max: 1_000_000_000 },
  scope_max_new_files: { min: 0, max: 1_000_000 },
  scope_max_deleted_files: { min: 0, max: 1_000_000 },
  state_key_fd: { min: 3, max: MAX_TIMER },
  sign_key_fd: { min: 3, max: MAX_TIMER },
  depth: { min: 0, max: 64 },
  keep: { min: 0, max: 1_000_000 },
  key_threshold: { min: 1, max: 32 },
} as const satisfies Record<string, Range>;

/** A range in the words of a message. */
export function describeRange(range: Range): string {
  return `a whole number from ${range.min} to ${range.max}`;
}

/** The form of an amount of US dollars: at most a million, to a millionth. */
export const DOLLARS_FORM = 'an amount of US dollars from 0.000001 to 1000000';

/** Whether a number can be a limit of cost. */
export function isDollars(value: number): boolean {
  return Number.isFinite(value) && value >= 0.000001 && value <= 1_000_000;
}

/** What of a prompt fits into one argument on every system, in bytes of UTF-8. */
export const MAX_PROMPT_BYTES = 65_536;

/** What a prompt cannot be, in words; null where it can be one. No agent reads one that begins with a dash alike. */
export function promptProblem(prompt: string): string | null {
  if (prompt.trim() === '') return 'expected a text, got an empty one';
  if (prompt.startsWith('-')) return 'expected a text that does not begin with a dash';
  if (prompt.includes('\u0000') || !prompt.isWellFormed()) return 'expected a text without NUL';
  const tooLong = new TextEncoder().encode(prompt).length > MAX_PROMPT_BYTES;
  return tooLong ? `expected a text of at most ${MAX_PROMPT_BYTES} bytes, got a longer one` : null;
}
