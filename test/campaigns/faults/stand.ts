import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Finished, Live } from '../../e2e/live-process.ts';
import { EXECUTABLE, type Rig } from '../../e2e/rig.ts';
import type { Fault, Operation } from './fault.ts';
import { readOperations } from './operations.ts';
import type { Scenario } from './scenario.ts';

/** A place where runs of one scenario are disturbed, one after the other. */
export interface Stand {
  readonly rig: Rig;
  readonly scenario: Scenario;
  /** Puts everything back to where the disturbed run begins. */
  readonly reset: () => Promise<void>;
  readonly start: (args: readonly string[], fault: Fault | null) => Live;
  readonly run: (args: readonly string[], fault: Fault | null) => Promise<Finished>;
  /** Runs undisturbed, `through` another program if one is given, and says which operations that were. */
  readonly record: (args: readonly string[], through?: readonly string[]) => Promise<Recorded>;
  /** Whether the fault of the last invocation has come to pass. */
  readonly hasStruck: () => boolean;
}

export interface Recorded {
  readonly run: Finished;
  readonly operations: readonly Operation[];
}

/** No invocation takes longer; the agents have nothing to do. */
const LIMIT_MS = 30_000;

/** Makes `rig`, a repository already, a stand. */
export function createStand(rig: Rig, scenario: Scenario, shim: string): Stand {
  const struck = join(rig.base, 'struck');
  const log = join(rig.base, 'operations');
  const temp = join(rig.base, 'tmp');
  const start = (args: readonly string[], fault: Fault | null): Live => {
    rmSync(struck, { force: true });
    const env = fault === null ? {} : { ...shimEnv(rig, shim), ...faultEnv(fault), FAULT_STRUCK: struck };
    return rig.start(args, { env: { TMPDIR: temp, ...env }, limitMs: LIMIT_MS });
  };
  const run = (args: readonly string[], fault: Fault | null): Promise<Finished> =>
    start(args, fault).finished;
  return {
    ...{ rig, scenario, start, run },
    reset: async () => {
      for (const name of ['ledger', 'mended', 'work/result.txt', 'work/out', 'tmp']) {
        rmSync(join(rig.base, name), { recursive: true, force: true });
      }
      // Outside the work folder: what git is asked before the run begins is not evidence.
      mkdirSync(temp);
      if (scenario.before === null) return;
      const before = await run(scenario.before.args(rig), null);
      if (before.code === scenario.before.code) return;
      throw new Error(
        `${scenario.name}: expected the invocation before to exit ${scenario.before.code}: ${before.said}`,
      );
    },
    record: async (args, through = []) => {
      rmSync(log, { force: true });
      const env = { TMPDIR: temp, ...shimEnv(rig, shim), FAULT_LOG: log };
      const recorded = await rig.run(args, { env, through, limitMs: LIMIT_MS });
      return { run: recorded, operations: existsSync(log) ? readOperations(readFileSync(log, 'utf8')) : [] };
    },
    hasStruck: () => existsSync(struck),
  };
}

function shimEnv(rig: Rig, shim: string): Readonly<Record<string, string>> {
  return { LD_PRELOAD: shim, FAULT_EXE: realpathSync(EXECUTABLE), FAULT_ROOT: rig.work };
}

function faultEnv({ deed, op, path, nth }: Fault): Readonly<Record<string, string>> {
  return { FAULT_DO: deed, FAULT_OP: op, FAULT_PATH: path, FAULT_AT: String(nth) };
}
