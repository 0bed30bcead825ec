import { type Failure, failure } from '../../core/failure.ts';
import type { HolderVerdict } from './judge-holder.ts';
import type { FoundRecord } from './lock-record.ts';

/** Exit 75 for a lock that stays with its holder: who it is, and what can be done (spec section 7). */
export function lockedFailure(held: {
  readonly outDir: string;
  readonly found: Exclude<FoundRecord, { kind: 'missing' }>;
  readonly verdict: HolderVerdict;
  readonly breakToken: string | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
}): Failure {
  const { found, verdict } = held;
  const holder = describeHolder(found, held.now);
  if (verdict.verdict === 'alive') {
    return failure('locked', `${held.outDir} is held by ${holder}: ${verdict.why}`, {
      remedy: 'wait until it has ended, or stop it, then try again',
    });
  }
  const token = tokenOf(found);
  const asked =
    held.breakToken === null
      ? `--break-lock ${token} takes it`
      : `--break-lock expected ${token}, got ${held.breakToken}`;
  return failure('locked', `${held.outDir} is held by ${holder}: ${verdict.why}; ${asked}`, {
    remedy: `make sure that no orchestrator works there, then add --break-lock ${token}`,
  });
}

/** What `--break-lock` has to name. */
export function tokenOf(found: Exclude<FoundRecord, { kind: 'missing' }>): string {
  return found.kind === 'record' ? found.record.token : found.token;
}

function describeHolder(found: Exclude<FoundRecord, { kind: 'missing' }>, now: number): string {
  if (found.kind === 'garbage') return 'an unreadable lock record';
  const { pid, hostname, acquired_at: since, run_id: runId } = found.record;
  const run = runId === null ? '' : `, run ${runId}`;
  return `process ${pid} on ${hostname} since ${since}${describeAge(since, now)}${run}`;
}

function describeAge(since: string, now: number): string {
  const minutes = Math.floor((now - Date.parse(since)) / 60_000);
  if (!Number.isFinite(minutes) || minutes < 1) return '';
  if (minutes < 120) return ` (${minutes} min ago)`;
  return ` (${Math.floor(minutes / 60)} h ago)`;
}
