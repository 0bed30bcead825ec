import { spawnSync } from 'node:child_process';
import { ALL_PASS, e2e } from './rig.ts';

const hasPrlimit = spawnSync('prlimit', ['--version']).status === 0;

e2e(
  'a process that dropped its environment, session, parent and output does not outlive its stage',
  async (t, rig) => {
    const up = `${rig.base}/up`;
    const dropper = `( env -i setsid sh -c "exec <&- >&- 2>&-; : > '${up}'; exec sleep ${rig.nap}" & )
until [ -e '${up}' ]; do sleep 0.01; done`;
    const run = await rig.run([
      ...['./out', ...ALL_PASS, '--kill-grace-ms', '200'],
      ...['--manager-bin', rig.agent('dropper', dropper)],
    ]);
    t.equal(run.code, 0, run.said);
    t.strictSame(rig.survivors(), [], 'at the moment the run has ended');
    t.equal(rig.report().stage_executions[0]?.process_tree?.killed, 1);
  },
  { skip: hasPrlimit ? false : 'prlimit is missing: nothing can be marked' },
);
