import { cpSync, readdirSync, symlinkSync } from 'node:fs';
import { ALL_PASS, e2e, inParallel, type Rig, until } from './rig.ts';

const SECRETS = ['sk-first-secret-1', 'sk-second-secret-2'] as const;

async function threeRuns(rig: Rig): Promise<void> {
  await rig.run(['./runs/done', ...ALL_PASS, '--executor-bin', '/bin/true']);
  await rig.run(['./runs/blocked', '--policy-status', 'allow', '--executor-bin', '/bin/true']);
  await rig.run(['./runs/failed', ...ALL_PASS, '--executor-bin', '/bin/false']);
}

function statesOf(json: string): Readonly<Record<string, string>> {
  const { runs }: { runs: readonly { out_dir: string; state: string }[] } = JSON.parse(json);
  return Object.fromEntries(runs.map((run) => [run.out_dir.split('/').at(-1) ?? '', run.state]));
}

e2e('a run that is worked on is listed as running, and is not cleaned away', async (t, rig) => {
  const agent = rig.agent('holder', `until [ -e '${rig.base}/go' ]; do sleep 0.02; done`);
  const holder = rig.start(['./runs/live', ...ALL_PASS, '--executor-bin', agent]);
  await until('the holder works', () => rig.ledger().length > 0);
  t.strictSame(statesOf((await rig.run(['list', 'runs', '--json'])).stdout), { live: 'running' });
  const clean = ['clean', 'runs', '--keep', '0', '--include-blocked', '--include-resumable', '--execute'];
  const told = await rig.run(clean);
  t.equal(told.code, 0);
  t.match(told.stdout, /left alone, an orchestrator works on it: 1 run\n {2}\.\/runs\/live\n/);
  rig.write(`${rig.base}/go`, '');
  t.equal((await holder.finished).code, 0, 'the run has not noticed');
  t.equal((await rig.run(['verify', './runs/live'])).code, 0);
});

e2e(
  'a run that was killed is listed as unfinished, and stays until resumable runs are asked for',
  async (t, rig) => {
    const agent = rig.agent('victim', `sleep ${rig.nap}`);
    const live = rig.start(['./runs/killed', ...ALL_PASS, '--executor-bin', agent]);
    await until('the victim works', () => rig.ledger().length > 0);
    live.killGroup();
    await live.finished;
    t.strictSame(statesOf((await rig.run(['list', '--json'])).stdout), { killed: 'unfinished' });
    await rig.run(['clean', '--keep', '0', '--execute']);
    t.ok(rig.exists('runs/killed'));
    await rig.run(['clean', '--keep', '0', '--execute', '--include-resumable']);
    t.notOk(rig.exists('runs/killed'));
  },
);

e2e('clean tells what would go, and removes it only with --execute', async (t, rig) => {
  await threeRuns(rig);
  const told = await rig.run(['clean', 'runs', '--keep', '0']);
  t.equal(told.code, 0);
  t.match(told.stdout, /^would remove \.\/runs\/done {2}done, .*\n/);
  t.match(told.stdout, /nothing was removed: --execute does it\n$/);
  t.match(statesOf((await rig.run(['list', '--json'])).stdout), { done: 'done' });
  t.equal((await rig.run(['clean', 'runs', '--older-than', '1d', '--execute'])).code, 0);
  t.ok(rig.exists('runs/done'), 'it is not so old');
  t.equal((await rig.run(['clean', 'runs', '--keep', '0', '--execute'])).code, 0);
  t.strictSame(statesOf((await rig.run(['list', '--json'])).stdout), {
    blocked: 'blocked',
    failed: 'failed',
  });
});

e2e('several that clean up at once remove every run once, and none fails', async (t, rig) => {
  await rig.run(['./first', ...ALL_PASS, '--executor-bin', '/bin/true']);
  for (let count = 0; count < 20; count += 1) {
    cpSync(`${rig.work}/first`, `${rig.work}/runs/${count}`, { recursive: true, verbatimSymlinks: true });
  }
  const clean = ['clean', 'runs', '--keep', '0', '--execute'];
  const ended = await inParallel([clean, clean, clean], async (args) => rig.run(args));
  for (const one of ended) t.equal(one.code, 0, one.said);
  const removed = ended.map((one) => Number(/removed ([0-9]+) runs?,/.exec(one.stdout)?.[1]));
  t.equal(
    removed.reduce((sum, one) => sum + one, 0),
    20,
  );
  t.strictSame(readdirSync(`${rig.work}/runs`), []);
});

e2e('a run that is reached by a link only is neither listed nor removed', async (t, rig) => {
  await rig.run(['./elsewhere/done', ...ALL_PASS, '--executor-bin', '/bin/true']);
  rig.write('runs/a.txt', '');
  symlinkSync('../elsewhere/done', `${rig.work}/runs/linked`);
  t.match((await rig.run(['list', 'runs'])).stdout, 'no runs below ./runs');
  await rig.run(['clean', 'runs', '--keep', '0', '--execute']);
  t.ok(rig.exists('elsewhere/done/orchestrator_checkpoint.json'));
});

e2e('diff says in what two runs differ, and never a secret', async (t, rig) => {
  for (const [index, secret] of SECRETS.entries()) {
    const args = ['--executor-env', `API_KEY=${secret}`, '--executor-arg', `--token=${secret}`];
    const more = index === 0 ? [] : ['--timeout-ms', '60000'];
    await rig.run([`./${index}`, ...ALL_PASS, '--executor-bin', '/bin/true', ...args, ...more]);
  }
  const told = await rig.run(['diff', './0', './1']);
  t.equal(told.code, 0, told.said);
  t.match(told.stdout, /configuration\n {2}timeout_ms\n {4}- 1800000\n {4}\+ 60000\n/);
  t.match(told.stdout, /not compared: executor\.args, executor\.env\.API_KEY\n/);
  const json = await rig.run(['diff', './0', './1', '--json', '--exit-code']);
  t.equal(json.code, 3);
  t.match(JSON.parse(json.stdout).differences, [{ section: 'configuration', what: 'timeout_ms' }]);
  for (const secret of SECRETS) t.notOk([told.stdout, json.stdout].some((text) => text.includes(secret)));
  t.equal((await rig.run(['diff', './0', './0', '--exit-code'])).code, 0);
});

e2e('diff of what is no run is exit 2, of evidence that does not hold exit 1', async (t, rig) => {
  await threeRuns(rig);
  t.equal((await rig.run(['diff', './runs/done', './none'])).code, 2);
  rig.write('runs/done/orchestrator_run_report.json', '{}\n');
  const told = await rig.run(['diff', './runs/done', './runs/blocked']);
  t.equal(told.code, 1);
  t.match(told.stdout, /gates\n {2}ci\n/);
  t.match(told.stderr, /^orchestrator: evidence_tampered: \S+\/runs\/done: the run report: [^\n]+\n$/);
  rig.write(
    'runs/failed/orchestrator_checkpoint.json',
    '{"product":"orchestrator","schema_version":"9.0"}\n',
  );
  const version = await rig.run(['diff', './runs/failed', './runs/blocked']);
  t.equal(version.code, 1);
  t.match(version.stderr, /^orchestrator: [^\n]*unknown checkpoint version[^\n]*\n$/);
});

e2e('a reader that goes away ends none of these commands badly', async (t, rig) => {
  await threeRuns(rig);
  const quiet = ['bash', '-c', 'set -o pipefail; "$@" | true', 'bash'];
  for (const args of [['list'], ['diff', './runs/done', './runs/failed'], ['clean', '--keep', '0']]) {
    const run = await rig.run(args, { through: quiet });
    t.equal(run.code, 0, args.join(' '));
    t.equal(run.stderr, '');
  }
});

e2e('a command line about many runs that cannot stand is exit 2, and removes nothing', async (t, rig) => {
  await threeRuns(rig);
  const lines = [
    ['clean', '--execute'],
    ['clean', 'runs', 'more', '--keep', '0', '--execute'],
    ['clean', '--keep', '-1', '--execute'],
    ['clean', '--older-than', '30', '--execute'],
    ['clean', './none', '--keep', '0', '--execute'],
    ['list', ''],
    ['list', '--depth', '65'],
    ['diff', './runs/done'],
    ['diff', './a', './b', './c'],
  ];
  for (const line of lines) {
    const refused = await rig.run(line);
    t.equal(refused.code, 2, line.join(' '));
    t.match(refused.stderr, /^orchestrator: [^\n]+\n$/, line.join(' '));
  }
  t.ok(rig.exists('runs/done/orchestrator_checkpoint.json'));
});
