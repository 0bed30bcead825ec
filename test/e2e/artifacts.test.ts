import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { peakOf } from './peak-memory.ts';
import { ALL_PASS, e2e, inParallel, type Rig } from './rig.ts';

const expect = (...paths: readonly string[]): readonly string[] =>
  paths.flatMap((path) => ['--manager-expected-artifact', path]);

/** Runs a manager with this body, in out_dir, that must leave `paths` there. */
async function runManager(rig: Rig, body: string, paths: readonly string[], more: readonly string[] = []) {
  const manager = rig.agent('manager', `cd "$ORCHESTRATOR_OUT_DIR"\n${body}`);
  return rig.run([
    './out',
    ...ALL_PASS,
    '--manager-bin',
    manager,
    ...expect(...paths.map((one) => `out/${one}`)),
    ...more,
  ]);
}

const GOOD = {
  'empty.json': '{}',
  'scalar.JSON': '7',
  'deep.json': `${'['.repeat(64)}${']'.repeat(64)}`,
  'spaced.Json': ' \n[1, 2]\r\n',
  'unicode.json': '"ü \\ud83d\\ude00"',
  'empty.txt': '',
  'notes.md': '{{{',
};

e2e('a well-formed artifact is recorded with its digest and copied', async (t, rig) => {
  for (const [name, text] of Object.entries(GOOD)) rig.write(join(rig.base, 'good', name), text);
  const run = await runManager(rig, `cp '${rig.base}/good/'* .`, Object.keys(GOOD));
  t.equal(run.code, 0, run.said);
  const { artifacts } = rig.report();
  t.equal(artifacts.length, Object.keys(GOOD).length);
  for (const artifact of artifacts) {
    const bytes = readFileSync(join(rig.out, artifact.copy));
    t.equal(createHash('sha256').update(bytes).digest('hex'), artifact.sha256, artifact.path);
    t.equal(bytes.length, artifact.bytes);
  }
});

const MALFORMED: Readonly<Record<string, string | Buffer>> = {
  'empty.json': '',
  'cut.json': '{"a":',
  'trailing.json': '{} x',
  'comma.json': '[1,]',
  'single.json': "{'a':1}",
  'nan.json': 'NaN',
  'capital.JSON': 'not json',
  'mixed.JsOn': '{',
  'deep.json': `${'['.repeat(65)}${']'.repeat(65)}`,
  'abyss.json': `${'['.repeat(200_000)}${']'.repeat(200_000)}`,
  'twice.json': '{"passed":false,"passed":true}',
  'escaped-twice.json': '{"a":1,"\\u0061":2}',
  'nested-twice.json': '[{"x":{"b":1,"b":1}}]',
  'bom.json': '\uFEFF{}',
  'latin1.json': Buffer.from([0x22, 0xfc, 0x22]),
  'utf16.json': Buffer.from('{}', 'utf16le'),
  'overlong.json': Buffer.from([0x22, 0xc0, 0xaf, 0x22]),
  'surrogate.json': Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]),
  'control.json': '"a\u0001b"',
  'comment.json': '{} // x',
  'nul.json': '{}\0',
};

e2e('a .json artifact that is not strict JSON is artifact_malformed, each by name', async (t, rig) => {
  for (const [name, text] of Object.entries(MALFORMED)) rig.write(join(rig.base, 'bad', name), text);
  const run = await runManager(rig, `cp '${rig.base}/bad/'* .; echo {} > fine.json`, [
    ...Object.keys(MALFORMED),
    'fine.json',
  ]);
  t.equal(run.code, 1, run.said);
  const record = rig.report().stage_executions[0];
  t.equal(record?.status, 'artifact_malformed');
  const named = record?.malformed_artifacts.map((path) => path.replace(/.*[/:]/, '')) ?? [];
  t.strictSame([...named].sort(), Object.keys(MALFORMED).sort());
  t.notMatch(run.said, /\n {4}at /);
});

e2e('an artifact that is missing fails the stage although the exit code is 0', async (t, rig) => {
  const run = await runManager(rig, 'exit 0', ['none.json', 'also-none.txt']);
  t.equal(run.code, 1, run.said);
  const record = rig.report().stage_executions[0];
  t.match(record, { status: 'artifact_missing', exit_code: 0 });
  t.equal(record?.missing_artifacts.length, 2);
  t.match(run.said, /none\.json/);
});

const SPECIAL: Readonly<Record<string, string>> = {
  'folder.json': 'mkdir folder.json',
  'fifo.json': 'mkfifo fifo.json',
  'device.json': 'ln -s /dev/zero device.json',
  'null.txt': 'ln -s /dev/null null.txt',
  'loop.json': 'ln -s loop.json loop.json',
  'dangling.json': 'ln -s nowhere dangling.json',
  'outside.json': 'ln -s ../../outside.json outside.json',
  'absolute.txt': 'ln -s /etc/passwd absolute.txt',
  'hard.json': 'ln ../../outside.json hard.json',
  'through/x.json': 'ln -s ../../elsewhere through',
  'sparse.json': 'truncate -s 1G sparse.json',
  'large.txt': 'truncate -s 20M large.txt',
};

e2e('what is no regular file within bounds inside the roots is never accepted', async (t, rig) => {
  rig.write(join(rig.base, 'outside.json'), '{}');
  rig.write(join(rig.base, 'elsewhere/x.json'), '{}');
  const live = rig.start([
    './out',
    ...ALL_PASS,
    '--manager-bin',
    rig.agent('special', `cd out\n${Object.values(SPECIAL).join('\n')}`),
    ...expect(...Object.keys(SPECIAL).map((name) => `out/${name}`)),
    '--repo-root',
    '.',
  ]);
  const peak = await peakOf(live);
  const run = await live.finished;
  t.equal(run.code, 1, run.said);
  t.notOk(run.hung);
  t.ok(peak < 250_000, `peak of ${peak} kB`);
  const record = rig.report().stage_executions[0];
  const named = [...(record?.missing_artifacts ?? []), ...(record?.malformed_artifacts ?? [])].map((path) =>
    path.replace(/^.*?out[:/]/, '').replace(/^out\//, ''),
  );
  for (const name of Object.keys(SPECIAL))
    t.ok(
      named.some((one) => one.endsWith(name)),
      `${name} is refused; refused are ${named.join(' ')}`,
    );
});

e2e('a link that resolves inside out_dir or repo-root is accepted', async (t, rig) => {
  const run = await runManager(
    rig,
    'echo {} > real.json; ln -s real.json link.json; echo {} > ../in-repo.json; ln -s ../in-repo.json link2.json',
    ['link.json', 'link2.json'],
  );
  t.equal(run.code, 0, run.said);
});

e2e('--max-artifact-bytes is the bound', async (t, rig) => {
  const fits = await runManager(
    rig,
    'head -c 1000 /dev/zero > x.bin',
    ['x.bin'],
    ['--max-artifact-bytes', '1000'],
  );
  t.equal(fits.code, 0, fits.said);
  const over = await runManager(
    rig,
    'head -c 1001 /dev/zero > x.bin',
    ['x.bin'],
    ['--max-artifact-bytes', '1000'],
  );
  t.equal(over.code, 1, over.said);
});

e2e('a JSON Schema bound in the config file holds the artifact', async (t, rig) => {
  rig.write(
    'plan.schema.json',
    '{"type":"object","required":["steps"],"properties":{"steps":{"type":"array","minItems":1}}}',
  );
  rig.write(
    'o.json',
    '{"manager":{"bin":"./m.sh","expected_artifacts":[{"path":"out/plan.json","schema":"plan.schema.json"}]}}',
  );
  await inParallel(
    [
      ['{"steps":[]}', 1],
      ['{}', 1],
      ['{"steps":[1]}', 0],
    ] as const,
    async ([text, code]) => {
      rig.write('m.sh', `#!/bin/sh\necho '${text}' > out/plan.json\n`, 0o755);
      const run = await rig.run(['./out', ...ALL_PASS, '--config', 'o.json']);
      t.equal(run.code, code, `${text}: ${run.said}`);
      if (code === 1) t.equal(rig.report().stage_executions[0]?.status, 'artifact_malformed');
    },
    1,
  );
});
