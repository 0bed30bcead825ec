import type { Failure } from '../../core/failure.ts';
import { failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { type Reaper, startReaper } from '../../process/reaper.ts';
import { TREES_VARIABLE } from '../../process/tree-scope.ts';
import type { RunPorts } from './ports.ts';

/**
 * What must be there before this invocation starts any process, git included: a mark to find them by, a reaper
 * that ends them if we are killed, and a way to stop them when we are interrupted.
 */
export interface Watch {
  readonly cookie: string;
  /** Starts while other things are looked at; resolves when processes may be started. */
  readonly reaper: () => Promise<Result<Reaper, Failure>>;
  /** Aborted with the cancellation. */
  readonly abort: AbortSignal;
  /** The variable that marks our processes. */
  readonly marks: Readonly<Record<string, string>>;
}

/** Begins to watch; `endWatch` is owed, whatever becomes of the run. */
export function startWatch(
  ports: Pick<RunPorts, 'random' | 'cancellation' | 'env' | 'self' | 'closeInherited'>,
): Watch {
  const cookie = ports.random(16);
  const abort = new AbortController();
  if (ports.cancellation.cause() !== null) abort.abort();
  ports.cancellation.onCancel(() => abort.abort());
  const started = startReaper({ cookie, path: ports.env.PATH ?? '', self: ports.self });
  // While the reaper comes up, which takes longer; no stage can have been started by now.
  ports.closeInherited();
  const reaper = started.then((result) => (result.ok ? ok(result.value) : fail(noReaper(result.failure))));
  return { cookie, reaper: () => reaper, abort: abort.signal, marks: { [TREES_VARIABLE]: cookie } };
}

/** Sends the reaper away; never rejects. */
export async function endWatch(watch: Watch): Promise<void> {
  const reaper = await watch.reaper();
  if (reaper.ok) await reaper.value.close();
}

function noReaper(why: string): Failure {
  return failure('internal_error', why, { remedy: 'free processes and descriptors, then try again' });
}
