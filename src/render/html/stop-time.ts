import type { StageExecution } from '../../core/records.ts';
import { formatDuration } from '../duration.ts';

/** A piece of an attempt in which it was being stopped, in ms after the attempt began. */
export interface StopPiece {
  readonly kind: 'grace' | 'kill';
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * The time between SIGTERM and SIGKILL, and from there until nothing was left: at a time limit, at an interruption, and
 * for what an attempt had left behind. Empty where nothing was stopped. Evidence that is older than the record of it
 * says only how long a time limit was passed.
 */
export function stopPieces(one: StageExecution): readonly StopPiece[] {
  const stopped = one.process_tree?.stopped;
  if (stopped === undefined) return pastLimit(one);
  const { term_after_ms: term, kill_after_ms: kill, gone_after_ms: gone } = stopped;
  const pieces: readonly StopPiece[] = [
    { kind: 'grace', fromMs: term, toMs: kill ?? gone },
    ...(kill === null ? [] : [{ kind: 'kill', fromMs: kill, toMs: gone } as const]),
  ];
  return pieces.filter((piece) => piece.toMs > piece.fromMs);
}

function pastLimit(one: StageExecution): readonly StopPiece[] {
  const limit = one.status === 'timeout' ? /exceeded (\d{1,15}) ms/.exec(one.error ?? '')?.[1] : undefined;
  if (limit === undefined || Number(limit) >= one.duration_ms) return [];
  return [{ kind: 'grace', fromMs: Number(limit), toMs: one.duration_ms }];
}

/** `5.0s in grace, 120ms in kill`; empty where there is none. */
export function stopWords(pieces: readonly StopPiece[]): string {
  return pieces.map(({ kind, fromMs, toMs }) => `${formatDuration(toMs - fromMs)} in ${kind}`).join(', ');
}

/** When nothing of an attempt was left, in ms after it began. */
export function goneAfterMs(one: StageExecution): number {
  return Math.max(one.duration_ms, one.process_tree?.stopped?.gone_after_ms ?? 0);
}
