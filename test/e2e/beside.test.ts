import { ALL_PASS, e2e, inParallel, type Rig } from './rig.ts';

/** Section 8 of the specification has them; this version does not. */

async function threeRuns(rig: Rig): Promise<void> {
  await inParallel(
    [
      ['./done', ...ALL_PASS, '--manager-bin', '/bin/true', '--executor-bin', '/bin/true'],
      ['./blocked', '--policy-status', 'allow', '--manager-bin', '/bin/true'],
      [
        './failed',
        ...ALL_PASS,
        '--manager-bin',
        '/bin/sh',
        '--manager-arg',
        '-c',
        '--manager-arg',
        'echo "<script>x</script>" >&2; exit 4',
      ],
    ],
    async (args) => rig.run(args),
  );
}

e2e('verify is 0 for done, 3 for blocked, 1 for anything else', async (t, rig) => {
  await threeRuns(rig);
  const codes = await inParallel(
    ['./done', './blocked', './failed', './none'],
    async (out) => (await rig.run(['verify', out])).code,
  );
  t.strictSame(codes.slice(0, 3), [0, 3, 1]);
  t.ok(codes[3] === 1 || codes[3] === 2, `no evidence: ${codes[3]}`);
  t.match((await rig.run(['verify', './blocked'])).stdout, /GATE_CI_NOT_SUCCESS/);
});

e2e('verify finds a work tree that is another than the validated one', async (t, rig) => {
  rig.gitRepo();
  await rig.run(['./out', ...ALL_PASS, '--executor-bin', '/bin/true']);
  t.equal((await rig.run(['verify', './out'])).code, 0);
  rig.write('a.txt', 'changed\n');
  t.not((await rig.run(['verify', './out'])).code, 0);
});

e2e('report prints every format and exits 0', async (t, rig) => {
  await threeRuns(rig);
  const print = async (out: string, format: string): Promise<string> => {
    const run = await rig.run(['report', out, '--format', format]);
    t.equal(run.code, 0, `${out} ${format}: ${run.said}`);
    return run.stdout;
  };
  for (const out of ['./done', './blocked', './failed']) {
    t.match(await print(out, 'text'), new RegExp(out.slice(2)));
    t.strictSame(JSON.parse(await print(out, 'json')), rig.report(`${rig.work}/${out}`));
    t.match(await print(out, 'markdown'), /\|.*\|/);
  }
  t.equal((await rig.run(['report', './done', '--format', 'pdf'])).code, 2);
  t.not((await rig.run(['report', './none'])).code, 0);
});

e2e('a report format that this version does not have is refused, exit 2', async (t, rig) => {
  for (const format of ['sarif', 'pdf', 'HTML', '']) {
    const refused = await rig.run(['report', './none', '--format', format]);
    t.equal(refused.code, 2, format);
    t.match(refused.stderr, /text, json/);
  }
});

e2e('explain says why a run is not done and the next command to type', async (t, rig) => {
  await threeRuns(rig);
  const explain = async (out: string): Promise<string> => {
    const run = await rig.run(['explain', out]);
    t.equal(run.code, 0, run.said);
    return run.stdout;
  };
  t.match(await explain('./blocked'), /GATE_CI_NOT_SUCCESS[\s\S]*orchestrator \S*blocked\S* --resume/);
  t.match(await explain('./blocked'), /--ci-status success/);
  t.match(await explain('./failed'), /planning[\s\S]*--resume/);
  t.match(await explain('./done'), /done|closure-ready/);
});

e2e('config init writes a file that validate accepts and a run can use', async (t, rig) => {
  const init = await rig.run(['config', 'init', 'o.yaml']);
  t.equal(init.code, 0, init.said);
  t.ok(rig.exists('o.yaml'));
  t.equal((await rig.run(['config', 'validate', 'o.yaml'])).code, 0);
  t.equal((await rig.run(['config', 'print', 'o.yaml'])).code, 0);
  t.not((await rig.run(['config', 'init', 'o.yaml'])).code, 0, 'it never writes over a file');
  rig.write('bad.yaml', 'manager: {bin: x}\ntimeout_ms: -1\nbogus: 1\n');
  const bad = await rig.run(['config', 'validate', 'bad.yaml']);
  t.equal(bad.code, 2);
  t.match(bad.said, /timeout_ms[\s\S]*bogus|bogus[\s\S]*timeout_ms/, 'every mistake at once');
});

e2e('schema prints the names, and each schema as JSON', async (t, rig) => {
  const all = await rig.run(['schema']);
  t.equal(all.code, 0, all.said);
  const names = all.stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s/)[0] ?? '');
  t.ok(names.length >= 4, names.join(' '));
  for (const name of names) {
    const one = await rig.run(['schema', name]);
    t.equal(one.code, 0, name);
    t.match(JSON.parse(one.stdout), { $schema: /json-schema/ }, name);
  }
  t.equal((await rig.run(['schema', 'bogus'])).code, 2);
});

e2e(
  'GITHUB_STEP_SUMMARY gets the markdown report, and a summary that cannot be written ends no run',
  async (t, rig) => {
    rig.write('summary.md', 'before\n');
    const run = await rig.run(['./out', '--manager-bin', '/bin/true'], {
      env: { GITHUB_STEP_SUMMARY: `${rig.work}/summary.md` },
    });
    t.equal(run.code, 3, run.said);
    t.match(rig.read('summary.md'), /^before\n[\s\S]*GATE_POLICY_DENIED_OR_UNKNOWN/);
    const nowhere = await rig.run(['./out2', ...ALL_PASS, '--manager-bin', '/bin/true'], {
      env: { GITHUB_STEP_SUMMARY: '/none/summary.md' },
    });
    t.equal(nowhere.code, 0, nowhere.said);
    t.notMatch(rig.read('out/orchestrator_run_report.json'), /summary\.md/);
  },
);
