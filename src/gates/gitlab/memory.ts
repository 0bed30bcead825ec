import { POLL_INTERVAL_MS } from '../../core/gates/gitlab/document.ts';
import type { ApprovalRuleFact, CommitNamesFact } from '../../core/gates/gitlab/facts.ts';
import type { Result } from '../../core/result.ts';
import type { Trouble } from './trouble.ts';

/** Collects what was read, so that a verdict can be tied to it. */
export interface Seen {
  readonly bytes: Uint8Array[];
}

/** Something that was read, and the answers that it was read from. */
interface Remembered<Value> {
  readonly atMs: number;
  readonly value: Value;
  readonly bytes: readonly Uint8Array[];
}

type Store<Value> = Map<string, Remembered<Value>>;

/**
 * What one run has been told by GitLab and need not ask again when it closes within a poll interval: the commits of one
 * head, and the approval rules. It lives as long as the process.
 */
export interface GitlabMemory {
  readonly commits: Store<readonly CommitNamesFact[]>;
  readonly rules: Store<readonly ApprovalRuleFact[] | null>;
}

/** An empty memory. */
export function newGitlabMemory(): GitlabMemory {
  return { commits: new Map(), rules: new Map() };
}

/**
 * Reads, or takes what was read less than a poll interval ago. A time that lies in the future is no age. What was
 * remembered enters the digest of the inputs like what is read now.
 */
export async function remembered<Value>(
  store: Store<Value> | undefined,
  { key, nowMs, seen }: { readonly key: string; readonly nowMs: number; readonly seen: Seen },
  read: (seen: Seen) => Promise<Result<Value, Trouble>>,
): Promise<Result<Value, Trouble>> {
  const known = store?.get(key);
  const age = known === undefined ? -1 : nowMs - known.atMs;
  if (known !== undefined && age >= 0 && age < POLL_INTERVAL_MS) {
    seen.bytes.push(...known.bytes);
    return { ok: true, value: known.value };
  }
  const own: Seen = { bytes: [] };
  const result = await read(own);
  seen.bytes.push(...own.bytes);
  if (result.ok) store?.set(key, { atMs: nowMs, value: result.value, bytes: own.bytes });
  else store?.delete(key);
  return result;
}
