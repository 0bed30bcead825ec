import type { RunDocument } from '../../core/run-document.ts';
import type { RunEnding } from '../../core/telemetry/run-result.ts';
import type { TraceParent } from '../../core/telemetry/trace-parent.ts';
import { oneLine } from '../harmless.ts';

/** An invocation that has ended, with all that its telemetry is made of. */
export interface ToldRun extends RunEnding {
  /** As it was committed last; masked, as evidence is. */
  readonly document: RunDocument;
  /** Where the stage executions of this invocation begin. */
  readonly firstExecution: number;
  /** Unix ms. */
  readonly startedMs: number;
  readonly endedMs: number;
  /** What its name is told as. */
  readonly pipelineName: string;
  readonly traceParent: TraceParent | null;
  /** Masks the secrets of this invocation. */
  readonly mask: (text: string) => string;
}

/** Longer values say nothing more, and collectors cut them. */
const MAX_VALUE = 200;

/** A text as it may leave this machine: masked, one line, bounded. */
export function sayable(run: Pick<ToldRun, 'mask'>, text: string): string {
  return oneLine(run.mask(text), MAX_VALUE);
}
