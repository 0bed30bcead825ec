import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { EXECUTABLE } from '../../e2e/rig.ts';
import { isGuard, readOperations } from '../faults/operations.ts';
import { withGround } from '../faults/points.ts';
import { scenarioOf } from '../faults/scenario.ts';
import { argsAfter, goOn, inspectCrash } from '../faults/try-point.ts';
import { buildShim } from './build.ts';
import { tracedOperations, traceInto, whyNoStrace } from './strace.ts';

const shim = buildShim();
const notBuilt = existsSync(EXECUTABLE) ? null : `${EXECUTABLE} is not built: run "make build"`;
const skip = notBuilt ?? shim.missing ?? whyNoStrace() ?? false;
const scenario = scenarioOf('plain');
const ground = { scenario, shim: shim.file ?? '' };

t.test('the shim sees every file operation that strace sees', { skip }, (t) =>
  withGround(ground, async ({ stand }) => {
    await stand.reset();
    const { rig } = stand;
    const prefix = join(rig.base, 'trace');
    const { run, operations } = await stand.record(scenario.args(rig), traceInto(prefix));
    t.equal(run.code, 0, run.said);
    const traced = tracedOperations(prefix, realpathSync(EXECUTABLE), rig.work);
    const named = readOperations(traced.map((line) => `${line}\n`).join(''));
    // Of the guards, some is done by other threads, whose traces are apart.
    t.ok(operations.length > 100, `${operations.length} operations`);
    t.strictSame(
      named.filter((one) => !isGuard(one)),
      operations.filter((one) => !isGuard(one)),
    );
  }),
);

/** System calls of the main thread, counted by strace. */
const KILLS = ['rename:4', 'rename:9', 'fsync:17', 'write:15'].map((one) => one.split(':'));

t.test('a run that strace kills goes on like one that the shim kills', { skip }, (t) =>
  withGround(ground, async ({ stand, undisturbed }) => {
    for (const [call, nth] of KILLS) {
      await stand.reset();
      const through = ['strace', '-o', '/dev/null', '-e', `inject=${call}:signal=KILL:when=${nth}`];
      const run = await stand.rig.run(argsAfter(stand, null), { through });
      t.equal(run.signal, 'SIGKILL', `${call} ${nth}: ${run.said}`);
      const crash = await inspectCrash(stand, run);
      t.strictSame([...crash.problems, ...(await goOn(stand, crash, undisturbed))], [], `${call} ${nth}`);
    }
  }),
);
