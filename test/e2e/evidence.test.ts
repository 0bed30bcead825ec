import { createHash } from 'node:crypto';
import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ALL_PASS, e2e, until } from './rig.ts';

const FIELDS =
  'schema_version product version run_id current_stage terminal_state failure gate_decisions blocked_reason_codes reviewer_next_steps transitions stage_executions artifacts config config_digest repo host isolation invocations started_at finished_at audit_head'.split(
    ' ',
  );
const STAGE_FIELDS =
  'stage idempotency_key command args env_keys started_at_unix_secs duration_ms exit_code status error missing_artifacts malformed_artifacts'.split(
    ' ',
  );

e2e('the report has the published fields in a fixed order and ends with a line end', async (t, rig) => {
  await rig.run(['./a', ...ALL_PASS, '--manager-bin', '/bin/true']);
  await rig.run(['./b', '--executor-bin', '/bin/false', '--policy-status', 'allow']);
  const texts = ['a', 'b'].map((out) => rig.read(`${out}/orchestrator_run_report.json`));
  const keys = texts.map((text) => Object.keys(JSON.parse(text)));
  t.strictSame(keys[0], keys[1]);
  t.strictSame(
    keys[0]?.filter((key) => FIELDS.includes(key)),
    FIELDS,
  );
  t.ok(texts.every((text) => text.endsWith('}\n')));
  for (const out of ['a', 'b']) {
    const report = rig.report(join(rig.work, out));
    for (const record of report.stage_executions) {
      t.strictSame(
        STAGE_FIELDS.filter((key) => !(key in record)),
        [],
        'every stage record has them',
      );
    }
    t.match(report, {
      isolation: String,
      repo: { root: String },
      finished_at: String,
      invocations: [{ argv: Array, resumed: false }],
    });
  }
  t.strictSame(
    Object.keys(rig.report(join(rig.work, 'a')).stage_executions[0] ?? {}),
    Object.keys(rig.report(join(rig.work, 'b')).stage_executions[0] ?? {}),
  );
});

e2e(
  'checkpoint.json is a relative link to the checkpoint, which names the report by digest',
  async (t, rig) => {
    await rig.run(['./out', ...ALL_PASS, '--manager-bin', '/bin/true']);
    t.ok(lstatSync(join(rig.out, 'checkpoint.json')).isSymbolicLink());
    t.equal(readlinkSync(join(rig.out, 'checkpoint.json')), 'orchestrator_checkpoint.json');
    const bytes = readFileSync(join(rig.out, 'orchestrator_run_report.json'));
    t.equal(rig.checkpoint().report_sha256, createHash('sha256').update(bytes).digest('hex'));
    for (const name of ['audit.jsonl', 'logs', 'orchestrator_checkpoint.json'])
      t.ok(rig.exists(`out/${name}`), name);
    const leftovers = readdirSync(rig.out, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.tmp'),
    );
    t.strictSame(leftovers, []);
  },
);

e2e('evidence that was copied without its links verifies and resumes elsewhere', async (t, rig) => {
  rig.gitRepo();
  const manager = rig.agent('manager', 'echo {} > "$ORCHESTRATOR_OUT_DIR/plan.json"');
  await rig.run([
    './out',
    '--manager-bin',
    manager,
    '--manager-expected-artifact',
    'out/plan.json',
    '--policy-status',
    'allow',
  ]);
  cpSync(rig.out, join(rig.work, 'moved'), { recursive: true, dereference: true });
  const resumed = await rig.run(['./moved', '--resume', ...ALL_PASS]);
  t.equal(resumed.code, 0, resumed.said);
  t.equal((await rig.run(['verify', './moved'])).code, 0);
  t.equal(rig.ledger().filter((line) => line.startsWith('start')).length, 1, 'planning was skipped');
});

e2e('--checkpoint-path puts the checkpoint elsewhere, to be given again', async (t, rig) => {
  mkdirSync(join(rig.work, 'state'));
  const flags = ['./out', '--checkpoint-path', './state/c.json'];
  const run = await rig.run([...flags, '--manager-bin', rig.agent('manager'), '--policy-status', 'allow']);
  t.equal(run.code, 3, run.said);
  t.ok(rig.exists('state/c.json'));
  t.notOk(rig.exists('out/orchestrator_checkpoint.json'));
  t.equal((await rig.run(['./out', '--resume', ...ALL_PASS])).code, 2, 'not given again: no checkpoint');
  const resumed = await rig.run([...flags, '--resume', ...ALL_PASS]);
  t.equal(resumed.code, 0, resumed.said);
  t.equal(rig.ledger().filter((line) => line.startsWith('start')).length, 1);
});

e2e('a reader that polls never sees half a document, in twenty runs', async (t, rig) => {
  const files = ['orchestrator_run_report.json', 'orchestrator_checkpoint.json', 'checkpoint.json'].map(
    (name) => join(rig.out, name),
  );
  let reads = 0;
  const bad: string[] = [];
  const poll = setInterval(() => {
    for (const file of files) {
      const text = readOrNull(file);
      if (text === null) continue;
      reads++;
      if (!text.endsWith('}\n') || !isJson(text)) bad.push(`${file} ${text.length}`);
    }
  }, 1);
  for (let run = 0; run < 20; run++)
    await rig.run(['./out', ...ALL_PASS, '--manager-bin', '/bin/true', '--executor-bin', '/bin/true']);
  clearInterval(poll);
  t.strictSame(bad, []);
  t.ok(reads > 100, `${reads} reads`);
});

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

e2e(
  'a fresh run moves the evidence before it aside, says so, and withdraws its success first',
  async (t, rig) => {
    await rig.run(['./out', ...ALL_PASS, '--manager-bin', '/bin/true']);
    const first = rig.report();
    const live = rig.start([
      './out',
      ...ALL_PASS,
      '--manager-bin',
      rig.agent('waiting', `until [ -e '${rig.base}/go' ]; do sleep 0.02; done`),
    ]);
    await until('the second run works', () => rig.ledger().length > 0);
    t.not(
      existsSync(join(rig.out, 'orchestrator_run_report.json')) ? rig.report().terminal_state : null,
      'done',
    );
    t.equal((await rig.run(['verify', './out'])).code, 1, 'a run at work is not closure-ready');
    rig.write(`${rig.base}/go`, '');
    const run = await live.finished;
    t.equal(run.code, 0, run.said);
    t.match(run.said, /superseded/);
    t.not(rig.report().run_id, first.run_id);
    const kept = rig.report(join(rig.out, 'superseded', first.run_id));
    t.strictSame([kept.run_id, kept.terminal_state], [first.run_id, 'done']);
    t.ok(rig.exists(`out/superseded/${first.run_id}/orchestrator_checkpoint.json`));
    t.ok(rig.exists(`out/superseded/${first.run_id}/audit.jsonl`));
  },
);

e2e('an earlier success is withdrawn although the next run is killed at once', async (t, rig) => {
  await rig.run(['./out', ...ALL_PASS, '--manager-bin', '/bin/true']);
  const live = rig.start(['./out', ...ALL_PASS, '--manager-bin', rig.agent('nap', `sleep ${rig.nap}`)]);
  await until('the second run works', () => rig.ledger().length > 0);
  live.signal('SIGKILL');
  await live.exited;
  t.not(
    existsSync(join(rig.out, 'orchestrator_run_report.json')) ? rig.report().terminal_state : null,
    'done',
  );
  t.not((await rig.run(['verify', './out'])).code, 0);
});

e2e('each audit record carries the digest of the one before it', async (t, rig) => {
  await rig.run([
    './out',
    '--manager-bin',
    '/bin/true',
    '--manager-arg',
    'some argument',
    '--policy-status',
    'allow',
  ]);
  await rig.run(['./out', '--resume', ...ALL_PASS]);
  const lines = rig.read('out/audit.jsonl').split('\n').slice(0, -1);
  t.ok(lines.length >= 5, `${lines.length} records`);
  const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
  for (const [index, line] of lines.entries()) {
    const before = lines[index - 1];
    if (before === undefined) continue;
    const values = Object.values(JSON.parse(line));
    const carried = [
      digest(before),
      digest(`${before}\n`),
      ...Object.values(JSON.parse(before)).filter(
        (one) => typeof one === 'string' && /^[0-9a-f]{64}$/.test(one),
      ),
    ];
    t.ok(
      values.some((value) => carried.includes(value)),
      `record ${index + 1}: ${line}`,
    );
  }
  t.match(rig.read('out/audit.jsonl'), /some argument/, 'who started what, with which argv');
});

e2e('the documents satisfy the published schemas', async (t, rig) => {
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  const ajv = new Ajv2020({ strict: false, allErrors: true, formats: {}, validateFormats: false });
  await rig.run(['./done', ...ALL_PASS, '--manager-bin', '/bin/true']);
  await rig.run(['./failed', '--manager-bin', './none']);
  await rig.run(['./blocked', '--executor-bin', '/bin/true', '--validation-bin', '/bin/true']);
  const folder = resolve(import.meta.dirname, '../../schemas');
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const named = (word: RegExp): string => names.find((name) => word.test(name)) ?? '';
  for (const [schema, file] of [
    [named(/^run-report\.schema/), 'orchestrator_run_report.json'],
    [named(/checkpoint/), 'orchestrator_checkpoint.json'],
  ] as const) {
    t.ok(schema, `a schema for ${file} among ${names.join(' ')}`);
    if (schema === '') continue;
    const validate = ajv.compile(JSON.parse(readFileSync(join(folder, schema), 'utf8')));
    for (const out of ['done', 'failed', 'blocked']) {
      t.ok(
        validate(JSON.parse(rig.read(`${out}/${file}`))),
        `${out}/${file}: ${ajv.errorsText(validate.errors)}`,
      );
    }
    t.notOk(validate({}), 'an empty document does not satisfy it');
  }
  const audit = named(/audit/);
  t.ok(audit, 'a schema for audit.jsonl');
  if (audit !== '') {
    const validate = ajv.compile(JSON.parse(readFileSync(join(folder, audit), 'utf8')));
    for (const line of rig.read('done/audit.jsonl').trim().split('\n'))
      t.ok(validate(JSON.parse(line)), line);
  }
});
