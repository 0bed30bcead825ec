import type { Step } from '../../core/machine/advance.ts';
import type { InvocationRecord } from '../../core/records.ts';
import type { RunDocument } from '../../core/run-document.ts';
import { timestamp } from '../../system/clock.ts';
import { hostRecord } from '../../system/host.ts';
import type { RunContext } from './context.ts';
import type { HeldGround } from './hold-ground.ts';
import type { RunPorts } from './ports.ts';
import { maskArgument, type Secrecy } from './secrets.ts';

/** A run that may begin or go on: everything is held that has to be held. */
export interface OpenedRun {
  readonly context: RunContext;
  readonly document: RunDocument;
  readonly step: Step;
  /** Gives everything back; never rejects. */
  readonly release: () => Promise<void>;
}

/** The record of this invocation; its argv is masked. */
export function newInvocation(
  ports: RunPorts,
  held: HeldGround,
  how: {
    readonly resumed: boolean;
    readonly cookie: string;
    readonly changes: readonly string[];
    readonly earlierExecutions: number;
    readonly earlierTransitions: number;
    readonly secrecy: Secrecy;
  },
): InvocationRecord {
  return {
    started_at: timestamp(ports.clock.now()),
    ended_at: null,
    resumed: how.resumed,
    argv: ports.argv.map((one) => maskArgument(one, how.secrecy)),
    version: ports.version,
    pid: ports.pid,
    host: hostRecord(held.paths.outDir),
    cookie: how.cookie,
    generation: held.lock.generation,
    earlier_executions: how.earlierExecutions,
    earlier_transitions: how.earlierTransitions,
    changes: how.changes,
    ended_by: null,
  };
}

/** The reaper is told that nothing of ours is running, and the lock is given back while it goes. */
export async function releaseAll(context: RunContext, held: HeldGround): Promise<void> {
  const gone = context.reaper.close();
  await held.lock.release();
  await gone;
}
