import { createHash } from 'node:crypto';
import { cpSync, readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_PASS, e2e, inParallel } from './rig.ts';

const DONE = [...ALL_PASS, '--manager-bin', '/bin/true', '--executor-bin', '/bin/true'];

e2e('a stage that rewrites the checkpoint ends the run, and both files are kept', async (t, rig) => {
  const forgeries = {
    content:
      'sed -i \'s/"terminal_state": *null/"terminal_state": "done"/; s/"sequence": */&1/\' "$ORCHESTRATOR_OUT_DIR/orchestrator_checkpoint.json"',
    garbage: 'echo garbage > "$ORCHESTRATOR_OUT_DIR/orchestrator_checkpoint.json"',
    removed: 'rm "$ORCHESTRATOR_OUT_DIR/orchestrator_checkpoint.json"',
    linked:
      'cd "$ORCHESTRATOR_OUT_DIR"; mv orchestrator_checkpoint.json x.json; ln -s x.json orchestrator_checkpoint.json',
  };
  await inParallel(Object.entries(forgeries), async ([name, body]) => {
    const run = await rig.run([
      `./${name}`,
      ...ALL_PASS,
      '--manager-bin',
      '/bin/true',
      '--executor-bin',
      rig.agent(name, body),
    ]);
    t.equal(run.code, 1, `${name}: ${run.said}`);
    t.match(run.said, /CHECKPOINT_TAMPERED/, name);
    const files = readdirSync(join(rig.work, name)).filter(
      (file) => file.startsWith('orchestrator_checkpoint') && file.endsWith('.json'),
    );
    t.ok(files.length >= (name === 'removed' ? 1 : 2), `${name}: ${files.join(' ')}`);
    if (name === 'garbage')
      t.ok(
        files.some((file) => rig.read(`${name}/${file}`) === 'garbage\n'),
        'the foreign file is kept',
      );
    const verified = await rig.run(['verify', `./${name}`]);
    t.equal(verified.code, 1, `${name}: verify`);
  });
});

e2e(
  'a stage during which evidence was rewritten has not completed: it runs again on resume',
  async (t, rig) => {
    await inParallel(['orchestrator_checkpoint.json', 'audit.jsonl'], async (file, index) => {
      const once = `[ -e '${rig.base}/once${index}' ] || { : > '${rig.base}/once${index}'; echo garbage > "$ORCHESTRATOR_OUT_DIR/${file}"; }`;
      const executor = rig.agent(`executor${index}`, once);
      const run = await rig.run([`./out${index}`, ...ALL_PASS, '--executor-bin', executor]);
      t.equal(run.code, 1, `${file}: ${run.said}`);
      const resumed = await rig.run([`./out${index}`, '--resume']);
      t.ok(resumed.code === 0 || resumed.code === 1, `${file}: ${resumed.said}`);
      const starts = rig
        .ledger()
        .filter((line) => line.startsWith('start') && line.endsWith(` executor${index}`));
      if (resumed.code === 0)
        t.equal(starts.length, 2, `${file}: the executor ran again before the run closed`);
    });
  },
);

e2e('a pipe in the place of a document stops the run and never hangs a command', async (t, rig) => {
  const documents = [
    'orchestrator_checkpoint.json',
    'orchestrator_run_report.json',
    'checkpoint.json',
    'audit.jsonl',
  ];
  await inParallel(documents, async (file, index) => {
    const out = `./out${index}`;
    const vandal = rig.agent(`vandal${index}`, `cd "$ORCHESTRATOR_OUT_DIR"; rm ${file}; mkfifo ${file}`);
    const args = [
      [out, ...ALL_PASS, '--executor-bin', vandal],
      ['verify', out],
      ['report', out],
      ['explain', out],
      [out, '--resume'],
      [out, ...ALL_PASS, '--executor-bin', '/bin/true'],
    ];
    const runs = await inParallel(args, async (one) => rig.run(one, { limitMs: 8000 }), 1);
    for (const [at, run] of runs.entries()) t.notOk(run.hung, `${file}: ${args[at]?.join(' ')}`);
    if (file !== 'checkpoint.json') t.equal(runs[0]?.code, 1, `${file}: ${runs[0]?.said}`);
    t.equal(runs.at(-1)?.code, 0, `${file}: a fresh run: ${runs.at(-1)?.said}`);
  });
});

e2e('a stage that rewrites the report or the audit log closes nothing', async (t, rig) => {
  for (const [name, body] of [
    ['report', 'echo {} > "$ORCHESTRATOR_OUT_DIR/orchestrator_run_report.json"'],
    ['audit', ': > "$ORCHESTRATOR_OUT_DIR/audit.jsonl"'],
    ['line', 'sed -i 1d "$ORCHESTRATOR_OUT_DIR/audit.jsonl"'],
  ] as const) {
    const run = await rig.run([
      `./${name}`,
      ...ALL_PASS,
      '--manager-bin',
      '/bin/true',
      '--executor-bin',
      rig.agent(name, body),
    ]);
    const verified = await rig.run(['verify', `./${name}`]);
    t.equal(
      run.code === 0,
      verified.code === 0,
      `${name}: run ${run.code} ${run.said}, verify ${verified.code} ${verified.stdout}`,
    );
    if (name !== 'report') t.equal(run.code, 1, `${name}: ${run.said}`);
  }
});

/** Everything that makes a blocked checkpoint say done, digest and all. */
function forgeDone(text: string, mended: boolean): string {
  const forged = text
    .replace(/"terminal": *"blocked"/g, '"terminal": "done"')
    .replace(/"terminal_state": *"blocked"/g, '"terminal_state": "done"')
    .replace(/"kind": *"blocked"/g, '"kind": "done"')
    .replace(/"status": *"blocked"/g, '"status": "done"')
    .replace(/"passed": *false/g, '"passed": true');
  if (!mended) return forged;
  const body = forged.replace(/,\s*"digest": *"[0-9a-f]{64}"\s*\}\s*$/, '\n}\n');
  return forged.replace(
    /"digest": *"[0-9a-f]{64}"(?=\s*\}\s*$)/,
    `"digest": "${createHash('sha256').update(body).digest('hex')}"`,
  );
}

e2e('a forged done is never believed, with or without its own digest mended', async (t, rig) => {
  for (const mended of [false, true]) {
    await rig.run(['./out', '--policy-status', 'allow', '--executor-bin', '/bin/true']);
    const text = rig.read('out/orchestrator_checkpoint.json');
    const forged = forgeDone(text, mended);
    t.not(forged, text, 'something was forged');
    rig.write('out/orchestrator_checkpoint.json', forged);
    const resumed = await rig.run(['./out', '--resume']);
    t.equal(resumed.code, 1, `mended ${mended}: ${resumed.said}`);
    t.not(rig.report().terminal_state, 'done');
    t.equal((await rig.run(['verify', './out'])).code, 1);
    if (!mended) t.equal(rig.read('out/orchestrator_checkpoint.json'), forged, 'left in place');
  }
});

e2e('every single changed byte of a checkpoint is noticed', async (t, rig) => {
  await rig.run(['./out', ...DONE]);
  const text = rig.read('out/orchestrator_checkpoint.json');
  const places = Array.from({ length: 24 }, (_, index) => Math.floor(((index + 0.5) * text.length) / 24));
  for (const place of places) {
    const bytes = Buffer.from(text);
    bytes[place] = (bytes[place] ?? 0) ^ 1;
    rig.write('out/orchestrator_checkpoint.json', bytes);
    const run = await rig.run(['./out', '--resume']);
    t.equal(run.code, 1, `byte ${place}: ${run.said}`);
    t.equal(run.said.includes('\n    at '), false);
  }
  const spaced = JSON.stringify(JSON.parse(text));
  rig.write('out/orchestrator_checkpoint.json', spaced === text ? `${text} ` : spaced);
  t.equal((await rig.run(['./out', '--resume'])).code, 1, 'other bytes of the same content');
});

e2e('under a committed done, a changed report, log, artifact or copy is tampering', async (t, rig) => {
  const manager = rig.agent('manager', 'echo {} > "$ORCHESTRATOR_OUT_DIR/plan.json"');
  await rig.run([
    './good',
    ...DONE.slice(0, 6),
    '--manager-bin',
    manager,
    '--manager-expected-artifact',
    'good/plan.json',
  ]);
  t.equal((await rig.run(['verify', './good'])).code, 0, 'as it was');
  const copy = rig.report(join(rig.work, 'good')).artifacts[0]?.copy ?? '';
  const changes: readonly (readonly [string, (out: string) => void])[] = [
    [
      'the report edited',
      (out) =>
        rig.write(
          `${out}/orchestrator_run_report.json`,
          rig
            .read(`${out}/orchestrator_run_report.json`)
            .replace('"blocked_reason_codes": []', '"blocked_reason_codes": [ ]'),
        ),
    ],
    ['the report gone', (out) => rig.write(`${out}/orchestrator_run_report.json`, '')],
    [
      'the audit log cut',
      (out) =>
        truncateSync(
          join(rig.work, out, 'audit.jsonl'),
          rig.read(`${out}/audit.jsonl`).trimEnd().lastIndexOf('\n') + 1,
        ),
    ],
    [
      'the audit log longer',
      (out) => rig.write(`${out}/audit.jsonl`, `${rig.read(`${out}/audit.jsonl`)}{}\n`),
    ],
    [
      'an audit record edited',
      (out) => rig.write(`${out}/audit.jsonl`, rig.read(`${out}/audit.jsonl`).replace(/20\d\d-/, '2001-')),
    ],
    ['the artifact edited', (out) => rig.write(`${out}/plan.json`, '{"x":1}')],
    ['its copy edited', (out) => rig.write(`${out}/${copy}`, '{"x":1}')],
  ];
  await inParallel(changes, async ([name, change], index) => {
    const out = `out${index}`;
    cpSync(join(rig.work, 'good'), join(rig.work, out), { recursive: true, verbatimSymlinks: true });
    change(out);
    const verified = await rig.run(['verify', out]);
    t.equal(verified.code, 1, `verify, ${name}: ${verified.said}`);
    const resumed = await rig.run([out, '--resume']);
    t.equal(resumed.code, 1, `resume, ${name}: ${resumed.said}`);
    const after = await rig.run(['verify', out]);
    t.not(after.code, 0, `after resume, ${name}`);
  });
});
