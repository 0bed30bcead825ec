import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { doctorOf, finding } from './doctor.ts';
import { e2e, until } from './rig.ts';
import { pathWith, plain, unless } from './sandboxed.ts';

const STAGE = ['--stage', 'executor', '--kill-grace-ms', '300'];

e2e('the binary is started as its stage would start it, with the arguments of the probe', async (t, rig) => {
  rig.gitRepo();
  const told = join(rig.base, 'told');
  // Its second start is ended half-way: what it tells is there whole, or not at all.
  const agent = plain(rig, 'agent', `{ echo "$@"; pwd; env; } > '${told}.new'; mv '${told}.new' '${told}'`);
  const flags = ['--executor-bin', agent, '--executor-arg', 'work', '--executor-env', 'MODEL=small'];
  const env = { SECRET_OF_MINE: 'x' };
  const seen = await doctorOf(rig, [...flags, ...STAGE], { env });
  t.equal(seen.code, 0, seen.said);
  t.match(finding(seen, 'stage-start'), { severity: 'ok', seen: /agent --version: exit 0/ });
  const [args, cwd, ...names] = rig.read(told).split('\n');
  t.equal(args, '--version', 'in place of its own arguments');
  t.equal(cwd, rig.work);
  t.ok(names.includes('MODEL=small'));
  t.ok(names.includes('ORCHESTRATOR_RUN_ID=doctor'));
  t.ok(names.includes('ORCHESTRATOR_STAGE=execution'));
  t.notOk(names.some((name) => name.startsWith('SECRET_OF_MINE')));
  await doctorOf(rig, [...flags, ...STAGE, '--probe-arg', 'status', '--probe-arg', '--resume']);
  t.match(rig.read(told), /^status --resume\n/);
  t.notOk(rig.exists('out'), 'no out_dir is left behind');
});

e2e('a binary that cannot start is a problem, one that fails is a warning', async (t, rig) => {
  const broken = rig.write('broken', '#!/no/such/interpreter\n', 0o755);
  const missing = await doctorOf(rig, ['--executor-bin', broken, ...STAGE]);
  t.equal(missing.code, 1);
  t.match(finding(missing, 'stage-start'), { severity: 'problem', seen: /interpreter/ });
  const failing = await doctorOf(rig, [
    '--executor-bin',
    plain(rig, 'no', 'echo not logged in >&2; exit 7'),
    ...STAGE,
  ]);
  t.equal(failing.code, 0, failing.said);
  t.match(finding(failing, 'stage-start'), {
    severity: 'warning',
    seen: /exit 7 .*; it said not logged in$/,
    fix: /--probe-arg/,
  });
});

e2e('whether SIGTERM ends it is seen and said', async (t, rig) => {
  // Long for a shell to get as far as its trap.
  const limit = ['--executor-timeout-ms', '2500'];
  const loop = 'while :; do sleep 0.05; done';
  const deaf = plain(rig, 'deaf', `trap '' TERM\n${loop}`);
  const ignoring = await doctorOf(rig, ['--executor-bin', deaf, ...STAGE, ...limit]);
  t.match(finding(ignoring, 'stage-start'), { severity: 'warning', seen: /still running after 2500 ms/ });
  t.match(finding(ignoring, 'stage-end'), { severity: 'warning', seen: /300 ms after SIGTERM.*killed/ });
  t.strictSame(await rig.survivorsAfter(5_000), []);
  const polite = plain(rig, 'polite', `trap 'exit 0' TERM\n${loop}`);
  const grace = ['--stage', 'executor', '--kill-grace-ms', '60000'];
  const ending = await doctorOf(rig, ['--executor-bin', polite, ...grace, ...limit]);
  t.match(finding(ending, 'stage-end'), { severity: 'ok', seen: /ended by exit 0 within/ });
});

e2e('an interrupt ends the probe, a second one at once, and nothing is left behind', async (t, rig) => {
  const [started, told] = [join(rig.base, 'started'), join(rig.base, 'told')];
  const deaf = `trap ': > ${told}' TERM\n: > ${started}\nwhile :; do sleep 0.05; done`;
  const flags = ['--executor-bin', plain(rig, 'deaf', deaf), '--stage', 'executor'];
  const env = { TMPDIR: rig.base };
  const live = rig.start(['doctor', ...flags, '--kill-grace-ms', '600000'], { env });
  await until('the probe has started', () => existsSync(started));
  live.signal('SIGINT');
  await until('it got SIGTERM', () => existsSync(told));
  live.signal('SIGINT');
  const { code, said } = await live.finished;
  t.equal(code, 130, said);
  t.strictSame(await rig.survivorsAfter(5_000), []);
  t.notMatch(said, /--resume/);
  t.notOk(readdirSync(rig.base).some((name) => name.startsWith('orchestrator-doctor')));
});

e2e(
  'in a sandbox it is seen what the stage can write, and an out_dir made for that is removed',
  async (t, rig) => {
    rig.gitRepo();
    const agent = plain(rig, 'agent', 'test -w . && ! test -w .git');
    const flags = ['./deep/out', '--executor-bin', agent, '--sandbox', 'required'];
    const artifact = ['--executor-expected-artifact', './deep/out/x/a.json'];
    const seen = await doctorOf(rig, [...flags, ...artifact, ...STAGE]);
    t.equal(seen.code, 0, seen.said);
    t.match(finding(seen, 'stage-start'), { severity: 'ok', seen: /in its sandbox/ });
    const writes = seen.findings.filter((one) => one.check === 'stage-write');
    t.equal(writes.length, 2);
    t.ok(writes.every((one) => one.severity === 'ok'));
    t.notOk(rig.exists('deep'));
    const outside = ['--executor-expected-artifact', join(rig.base, 'elsewhere/a.json')];
    const refused = await doctorOf(rig, [...flags, ...outside, ...STAGE]);
    t.equal(refused.code, 1);
    t.match(finding(refused, 'sandbox'), { severity: 'problem', fix: /--sandbox-write/ });
  },
  unless,
);

e2e('a stage whose sandbox cannot be had is not started', async (t, rig) => {
  const started = join(rig.base, 'started');
  const agent = plain(rig, 'agent', `: > '${started}'`);
  const flags = ['--executor-bin', agent, '--sandbox', 'required', ...STAGE];
  const seen = await doctorOf(rig, flags, { env: { PATH: pathWith(rig, null) } });
  t.equal(seen.code, 1);
  t.match(finding(seen, 'stage-start'), { severity: 'problem' });
  t.notOk(existsSync(started));
});
