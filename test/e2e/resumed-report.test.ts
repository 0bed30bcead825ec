/** What a report says of a run that took several invocations. */
import { ALL_PASS, e2e, type Rig, until } from './rig.ts';

const MOST = ['--policy-status', 'allow', '--ci-status', 'success'];

/** Two invocations within a second or so: fresh and blocked, resumed and done. */
async function blockedThenDone(rig: Rig): Promise<void> {
  await rig.run(['./out', ...MOST, '--executor-bin', '/bin/true', '--validation-bin', '/bin/true']);
  await rig.run(['./out', '--resume', '--review-status', 'approved']);
}

e2e('every attempt stands under the invocation that made it, however fast they follow', async (t, rig) => {
  await blockedThenDone(rig);
  const [first, second] = rig.report().invocations;
  t.equal(first?.earlier_executions, 0);
  const all = rig.report().stage_executions;
  const own = all.slice(first?.earlier_executions, second?.earlier_executions);
  const statuses = (of: typeof all) => new Set(of.map((one) => one.status));
  t.strictSame(statuses(own), new Set(['success', 'not_configured']));
  t.strictSame(statuses(all.slice(second?.earlier_executions)), new Set(['skipped']));
  const { stdout: page } = await rig.run(['report', './out', '--format', 'html']);
  const [, one, two] = page.split(/<h3 id="t-\d+">/);
  t.match(one, '<details class="attempt">');
  t.notMatch(two, '<details class="attempt">');
  t.equal(second?.earlier_transitions, 5);
  t.match(one, '<b>closure</b> gates');
  t.notMatch(two, '<b>closure</b> gates');
});

e2e('an attempt that was cut off stands under the invocation that was cut off', async (t, rig) => {
  const slow = rig.agent('slow', `[ -e go ] || sleep ${rig.nap}`);
  const live = rig.start(['./out', ...ALL_PASS, '--executor-bin', slow]);
  await until('the attempt', () => live.said().includes('execution: attempt 1 started'));
  live.signal('SIGKILL');
  await live.finished;
  rig.write('go', '');
  t.equal((await rig.run(['./out', '--resume'])).code, 0);
  const [, second] = rig.report().invocations;
  const all = rig.report().stage_executions;
  const cut = all.findIndex((one) => one.status === 'cancelled');
  t.ok(cut >= 0 && cut < (second?.earlier_executions ?? 0), `${cut} before ${second?.earlier_executions}`);
  t.equal(all[second?.earlier_executions ?? 0]?.status, 'skipped');
});

e2e(
  'a stage that had nothing to run is no stage that has passed, before and after a resume',
  async (t, rig) => {
    const junit = async () => (await rig.run(['report', './out', '--format', 'junit'])).stdout;
    await rig.run(['./out', ...MOST, '--executor-bin', '/bin/true']);
    const planning = /name="planning"[^/]*>\s*<skipped message="nothing configured"/;
    t.match(await junit(), planning);
    await rig.run(['./out', '--resume', '--review-status', 'approved']);
    t.match(await junit(), planning);
    const { stdout } = await rig.run(['report', './out']);
    t.match(stdout, /planning none -> policy_ingestion ok -> execution ok -> validation none -> closure ok/);
    t.match(stdout, /\d stages +skipped +completed before, not run again by a resume: planning, /);
    t.match(stdout, /\((?:<1s|\d+s) of work in 2 invocations\)/);
  },
);

e2e('how long a run was worked on is one figure, wherever it is told', async (t, rig) => {
  await blockedThenDone(rig);
  const told = async (format: string) => (await rig.run(['report', './out', '--format', format])).stdout;
  const [, worked = ''] = /\((\S+) of work in 2 invocations\)/.exec(await told('text')) ?? [];
  t.ok(worked, 'text');
  const page = await told('html');
  t.match(page, `<dt>worked</dt><dd>${worked.replace('<', '&#60;')}</dd>`);
  t.match(page, `${worked.replace('<', '&#60;')} of work. All bars`);
  const { stdout: list } = await rig.run(['list', '.', '--json']);
  const { runs } = JSON.parse(list);
  t.match(await told('junit'), `name="closure-ready" time="${(runs[0].duration_ms / 1000).toFixed(3)}"`);
  t.equal(worked, runs[0].duration_ms < 1000 ? '<1s' : `${runs[0].duration_ms / 1000}s`);
});

e2e('how long an interrupted run was worked on is told, too', async (t, rig) => {
  const live = rig.start(['./out', ...ALL_PASS, '--executor-bin', rig.agent('slow', `sleep ${rig.nap}`)]);
  await until('the attempt', () => live.said().includes('execution: attempt 1 started'));
  live.signal('SIGINT');
  await live.finished;
  const { stdout } = await rig.run(['report', './out']);
  t.match(stdout, /, not finished \((?:<1s|\d+s) of work\)/);
});

e2e('gates of a run that has not come to them are not decided, and not closed', async (t, rig) => {
  await rig.run(['./out', ...ALL_PASS, '--executor-bin', '/bin/false']);
  const { stdout } = await rig.run(['report', './out']);
  t.match(stdout, /\n {2}policy +not decided/);
  t.notMatch(stdout, /GATE_POLICY_DENIED/);
});
