import { linkSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_PASS, e2e } from './rig.ts';

const expect = (...paths: readonly string[]): readonly string[] =>
  paths.flatMap((path) => ['--manager-expected-artifact', path]);

e2e(
  'an untracked artifact left from earlier is stale, and put back when the attempt leaves nothing',
  async (t, rig) => {
    rig.write('out/plan.json', '{"old":true}');
    rig.write(join(rig.base, 'abroad.json'), '{"old":1}');
    const before = statSync(join(rig.out, 'plan.json')).mtimeMs;
    const args = [
      './out',
      ...ALL_PASS,
      '--manager-bin',
      '/bin/true',
      ...expect('out/plan.json', '../abroad.json'),
    ];
    const run = await rig.run(args);
    t.equal(run.code, 1, run.said);
    const record = rig.report().stage_executions[0];
    t.match(record?.status, /^artifact_(stale|missing)$/);
    t.equal(rig.read('out/plan.json'), '{"old":true}', 'put back');
    t.equal(rig.read(join(rig.base, 'abroad.json')), '{"old":1}', 'put back');
    t.equal(statSync(join(rig.out, 'plan.json')).mtimeMs, before, 'the same file');
    const allowed = await rig.run([...args, '--allow-stale-artifacts']);
    t.equal(allowed.code, 0, allowed.said);
  },
);

e2e(
  'an artifact of an earlier attempt does not count for the next; what is replaced is set aside',
  async (t, rig) => {
    rig.write('out/plan.json', '{"old":true}');
    const body = 'if [ "$ORCHESTRATOR_EXECUTION_ATTEMPT" = 1 ]; then echo {} > plan.json; exit 1; fi';
    const executor = rig.agent('executor', `cd out; ${body}`);
    const run = await rig.run([
      './out',
      ...ALL_PASS,
      '--executor-bin',
      executor,
      '--executor-expected-artifact',
      'out/plan.json',
      '--execution-max-iterations',
      '2',
    ]);
    t.equal(run.code, 1, run.said);
    const kept = readdirSync(join(rig.out, 'superseded'), { recursive: true, encoding: 'utf8' }).filter(
      (name) => statSync(join(rig.out, 'superseded', name)).isFile(),
    );
    t.ok(
      kept.some((name) => rig.read(`out/superseded/${name}`) === '{"old":true}'),
      `the old file is in superseded/: ${kept.join(' ')}`,
    );
  },
);

e2e('a tracked artifact stays in place and must differ from what it was', async (t, rig) => {
  rig.gitRepo({ 'plan.json': '{"v":1}\n' });
  const cases = [
    ['nothing', 'test -s plan.json', 1],
    ['touch', 'touch plan.json', 1],
    ['the same content', 'cp plan.json x; cat x > plan.json; rm x', 1],
    ['new content', 'echo {} > plan.json', 0],
  ] as const;
  for (const [name, body, code] of cases) {
    const run = await rig.run([
      './out',
      ...ALL_PASS,
      '--manager-bin',
      rig.agent('m', body),
      ...expect('plan.json'),
    ]);
    t.equal(run.code, code, `${name}: ${run.said}`);
    if (code === 1) t.equal(rig.report().stage_executions[0]?.status, 'artifact_stale', name);
  }
});

e2e('an old file under a new time or another name is stale as well', async (t, rig) => {
  rig.write('out/plan.txt', 'old');
  const toucher = rig.agent(
    'toucher',
    `if [ -e out/plan.txt ]; then touch out/plan.txt; echo seen > '${rig.base}/seen'; fi`,
  );
  const touched = await rig.run(['./out', ...ALL_PASS, '--manager-bin', toucher, ...expect('out/plan.txt')]);
  t.equal(touched.code, 1, touched.said);
  t.notOk(rig.exists(`${rig.base}/seen`), 'it was set aside before the attempt');
  const kept = rig.write(join(rig.base, 'kept.json'), '{}');
  mkdirSync(join(rig.work, 'later'), { recursive: true });
  linkSync(kept, join(rig.work, 'later/kept.json'));
  const linked = await rig.run([
    './second',
    ...ALL_PASS,
    '--manager-bin',
    '/bin/true',
    ...expect('later/kept.json'),
  ]);
  t.equal(linked.code, 1, linked.said);
});
