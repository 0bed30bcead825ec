import { type OwnRecords, ownRecords } from './own-records.ts';
import type { InvocationRecord } from './records.ts';
import type { RunDocument } from './run-document.ts';

type Worked = Pick<RunDocument, 'invocations' | 'stage_executions' | 'transitions'>;

/**
 * Time worked in ms, as far as it is known: to the second, without the pauses between invocations. A live invocation
 * counts until `now`; one that ended without saying when, until the last thing that it recorded.
 */
export function timeWorked(run: Worked, now: number | null): number {
  const own = ownRecords(run);
  return run.invocations.reduce((sum, one, index) => {
    const isLast = index === run.invocations.length - 1;
    return sum + timeOfInvocation(one, own[index] ?? NONE, isLast ? now : null);
  }, 0);
}

/** The part of one invocation in it. */
export function timeOfInvocation(one: InvocationRecord, own: OwnRecords, now: number | null): number {
  const startMs = Date.parse(one.started_at);
  const endMs = one.ended_at === null ? (now ?? lastRecordedMs(own) ?? startMs) : Date.parse(one.ended_at);
  const took = Math.floor(endMs / 1000) * 1000 - startMs;
  return took > 0 ? took : 0;
}

/** When the last thing that an invocation recorded was over; null where it recorded nothing. */
export function lastRecordedMs({ executions, transitions }: OwnRecords): number | null {
  const ends = [
    ...executions.map((one) => one.started_at_unix_ms + one.duration_ms),
    ...transitions.map((one) => one.timestamp_unix_ms),
  ];
  return ends.length === 0 ? null : ends.reduce((last, end) => Math.max(last, end));
}

const NONE: OwnRecords = { executions: [], transitions: [] };
