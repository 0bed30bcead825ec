import { sandboxOf } from '../../../core/asked-sandbox.ts';
import { type Failure, failure } from '../../../core/failure.ts';
import type { RunOrder } from '../../../core/machine/effect.ts';
import { fail, ok, type Result } from '../../../core/result.ts';
import type { RunDocument } from '../../../core/run-document.ts';
import type { IsolationRecord } from '../../../core/sandbox.ts';
import { isInside } from '../../../formats/stored-path.ts';
import type { CommandSandbox } from '../../../process/command.ts';
import { isShown } from '../../../process/sandbox/mounts.ts';
import type { RunContext, RunSpec } from '../context.ts';
import type { AttemptFolder } from './attempt-folder.ts';

/** How one attempt is kept apart. */
export interface Isolation {
  readonly record: IsolationRecord;
  /** null: it runs as it is. */
  readonly sandbox: CommandSandbox | null;
  readonly folder: AttemptFolder | null;
}

/** What is to be started. */
export interface ToIsolate {
  readonly order: RunOrder;
  readonly spec: RunSpec;
  readonly file: string;
  readonly script: string | null;
  readonly env: Readonly<Record<string, string>>;
}

/** Makes the sandbox of an attempt, where one is asked for and can be had; `off` touches nothing. */
export async function isolate(
  context: RunContext,
  document: RunDocument,
  what: ToIsolate,
): Promise<Result<Isolation, Failure>> {
  const { mode, network } = sandboxOf(context.plan, what.order.run);
  const here = context.sandbox;
  if (mode === 'off') return ok(bare(null));
  if (here.kind !== 'available') {
    const why = here.kind === 'unavailable' ? here.why : 'nobody looked whether there is one';
    return mode === 'auto' ? ok(bare(why)) : fail(noSandbox(what.order.stage, why));
  }
  const { openAttemptFolder } = await import('./attempt-folder.ts');
  const { stageView } = await import('./stage-view.ts');
  const { order, spec, file, script, env } = what;
  const folder = openAttemptFolder({
    paths: context.paths,
    name:
      order.run.role === null
        ? `${order.stage}.${order.attempt}.${order.run.step}`
        : `${order.stage}.${order.attempt}`,
    expected: spec.expectedArtifacts.map((one) => one.path),
    random: () => context.ports.random(8),
  });
  if (!folder.ok) return folder;
  const attemptFolder = folder.value.path;
  const start = { spec, file, script, env, network: network === 'on', attemptFolder };
  const view = stageView(context, document, start);
  return ok({
    record: { tier: 'sandbox', network: view.network ? 'host' : 'none', reason: null },
    sandbox: { bubblewrap: here.bubblewrap, view },
    folder: { ...folder.value, shows: (path) => isInside(attemptFolder, path) || isShown(view.mounts, path) },
  });
}

function bare(reason: string | null): Isolation {
  return { record: { tier: 'none', network: 'host', reason }, sandbox: null, folder: null };
}

function noSandbox(stage: string, why: string): Failure {
  return failure('internal_error', `${stage}: a sandbox is required and there is none: ${why}`, { stage });
}
