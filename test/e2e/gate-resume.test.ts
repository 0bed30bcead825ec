import { ALL_PASS, e2e, type Rig } from './rig.ts';

/** A source that interrupts the run before anything can be decided, and that fails when it is asked again. */
function cutOff(rig: Rig): string {
  const asked = `${rig.base}/asked`;
  return rig.nodeAgent(
    'cut-off',
    `const { existsSync, writeFileSync } = require('fs');
     if (existsSync('${asked}')) process.exit(1);
     writeFileSync('${asked}', '');
     process.kill(process.ppid, 'SIGTERM');
     setTimeout(() => {}, 20_000);`,
  );
}

async function doneRun(rig: Rig): Promise<number | null> {
  rig.gitRepo({ 'a.txt': 'a\n' });
  const executor = rig.agent('executor', 'echo b > b.txt');
  return (await rig.run(['./out', '--executor-bin', executor, ...ALL_PASS])).code;
}

e2e(
  'a source that a done run was given still has to pass where the run was cut off before it',
  async (t, rig) => {
    t.equal(await doneRun(rig), 0);
    const cut = await rig.run(['./out', '--resume', '--ci-from', `command:${cutOff(rig)}`]);
    t.not(cut.code, 0, cut.said);
    const again = await rig.run(['./out', '--resume']);
    t.equal(again.code, 3, again.said);
    t.strictSame(rig.report().blocked_reason_codes, ['GATE_CI_NOT_SUCCESS']);
  },
);

e2e('settings that are changed on a done run are decided by, not only recorded', async (t, rig) => {
  t.equal(await doneRun(rig), 0);
  const scoped = await rig.run(['./out', '--resume', '--scope-allow', 'src/**']);
  t.equal(scoped.code, 3, scoped.said);
  t.strictSame(rig.report().blocked_reason_codes, ['GATE_POLICY_DENIED_OR_UNKNOWN']);
  t.match(rig.report().gate_decisions[0]?.details?.join(), /path_not_allowed: b\.txt/);
  const lifted = await rig.run(['./out', '--resume', '--scope-allow', '*.txt']);
  t.equal(lifted.code, 0, lifted.said);
});

e2e('what decides nothing leaves the decisions of a done run alone', async (t, rig) => {
  t.equal(await doneRun(rig), 0);
  const decided = rig.report().gate_decisions;
  const same = await rig.run(['./out', '--resume', '--gate-wait-ms', '1000', '--gate-max-age', '1s']);
  t.equal(same.code, 0, same.said);
  t.strictSame(rig.report().gate_decisions, decided);
});
