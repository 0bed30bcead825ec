import type { Failure } from '../failure.ts';
import type { RunDocument } from '../run-document.ts';

/** Told of a run as it stands on disk, where telemetry is asked for. Must not throw, and must not take long. */
export interface RunListener {
  /** What may start a process of its own starts it now: keys have been read, and nothing else is running yet. */
  readonly opening: () => void;
  /** The run, or this invocation of it, begins its work. */
  readonly began: (document: RunDocument) => void;
  readonly ended: (end: EndedInvocation) => void;
}

/** What an invocation came to. */
export interface EndedInvocation {
  readonly document: RunDocument;
  /** How many stage executions there were when it began. */
  readonly firstExecution: number;
  readonly failure: Failure | null;
  readonly exitCode: number;
  readonly mask: (text: string) => string;
}
