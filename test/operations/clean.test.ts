import { appendFileSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { cleaned, namesIn, writeRun } from '../fixtures/out-dirs.ts';

t.test(
  'a run goes with its artifacts in out_dir and what it superseded, and nothing beside it',
  async (t) => {
    const dir = t.testdir({ 'notes.txt': 'mine' });
    writeRun(join(dir, 'out'));
    mkdirSync(join(dir, 'out/superseded/earlier/logs'), { recursive: true });
    writeFileSync(join(dir, 'out/superseded/earlier/logs/x'), 'x'.repeat(2048));
    writeFileSync(join(dir, 'out/.gitignore'), '*\n');
    const told = await cleaned(dir, { execute: false });
    t.match(
      told.text,
      /^would remove \.\/out {2}done, [0-9.]+ KiB\nwould remove 1 run, .*--execute does it\n$/,
    );
    t.strictSame(namesIn(dir), ['notes.txt', 'out']);
    const done = await cleaned(dir);
    t.match(done, { code: 0, text: /^removed \.\/out/, errors: '' });
    t.strictSame(namesIn(dir), ['notes.txt']);
  },
);

t.test('a run with anything in its folder that is not its own is left alone, whole', async (t) => {
  const strangers: readonly [string, (out: string) => void][] = [
    ['a file', (out) => writeFileSync(join(out, 'notes.txt'), 'mine')],
    ['a file among artifacts', (out) => writeFileSync(join(out, 'artifacts/notes.txt'), 'mine')],
    ['a folder', (out) => mkdirSync(join(out, 'src'))],
    ['a changed artifact', (out) => appendFileSync(join(out, 'plan.json'), ' ')],
    ['an ignore file that says something', (out) => writeFileSync(join(out, '.gitignore'), '*.log\n')],
    ['a link for logs', (out) => symlinkSync('..', join(out, 'logs'))],
    ['a file for logs', (out) => writeFileSync(join(out, 'logs'), '')],
  ];
  for (const [what, add] of strangers) {
    const dir = t.testdir();
    writeRun(join(dir, 'out'));
    add(join(dir, 'out'));
    const before = namesIn(join(dir, 'out'));
    const { code, text } = await cleaned(dir);
    t.equal(code, 0, what);
    t.match(
      text,
      /it holds \S+, which the run did not make or which was changed since: 1 run\n {2}\.\/out\n/,
      what,
    );
    t.strictSame(namesIn(join(dir, 'out')), before, what);
  }
});

t.test('an artifact that only a superseded run has recorded is known as its', async (t) => {
  const dir = t.testdir();
  const out = join(dir, 'out');
  writeRun(out);
  const earlier = join(out, 'superseded/earlier');
  writeRun(earlier, { runId: 'earlier', artifacts: [{ path: 'out:sub/old.json', content: 'old\n' }] });
  mkdirSync(join(out, 'sub'));
  writeFileSync(join(out, 'sub/old.json'), 'new\n');
  t.match((await cleaned(dir)).text, 'left alone, it holds sub/old.json');
  writeFileSync(join(out, 'sub/old.json'), 'old\n');
  t.match((await cleaned(dir)).text, 'removed ./out');
  t.strictSame(namesIn(dir), []);
});

t.test('evidence that is no proof of a run is left alone', async (t) => {
  const dir = t.testdir();
  for (const name of ['edited', 'other-product', 'half']) writeRun(join(dir, name));
  appendFileSync(join(dir, 'edited/audit.jsonl'), '{}\n');
  writeFileSync(join(dir, 'other-product/orchestrator_checkpoint.json'), '{"product":"composer"}\n');
  rmSync(join(dir, 'half/orchestrator_checkpoint.json'));
  const { code, text } = await cleaned(dir, { includeBlocked: true, includeResumable: true });
  t.equal(code, 0);
  t.match(text, 'removed 0 runs');
  t.strictSame(namesIn(dir), ['edited', 'half', 'other-product']);
});

t.test('links in a run are removed and not followed', async (t) => {
  const dir = t.testdir({ outside: { 'precious.txt': 'x' } });
  writeRun(join(dir, 'runs/out'));
  mkdirSync(join(dir, 'runs/out/attempts/execution.1'), { recursive: true });
  symlinkSync(join(dir, 'outside'), join(dir, 'runs/out/attempts/execution.1/link'));
  symlinkSync(join(dir, 'outside'), join(dir, 'runs/out/checkpoint.json'));
  t.equal((await cleaned(join(dir, 'runs'))).code, 0);
  t.strictSame(namesIn(join(dir, 'runs')), []);
  t.strictSame(namesIn(join(dir, 'outside')), ['precious.txt']);
});

t.test('a run that changes between the look and the removal is put back as it is', async (t) => {
  const changes: readonly [string, (out: string) => void][] = [
    ['a stranger', (out) => writeFileSync(join(out, 'new.txt'), 'mine')],
    ['another checkpoint', (out) => writeRun(out, { runId: 'another' })],
    ['an edited report', (out) => writeFileSync(join(out, 'orchestrator_run_report.json'), '{}\n')],
  ];
  for (const [what, change] of changes) {
    const dir = t.testdir();
    const out = join(dir, 'out');
    writeRun(out);
    // Asked for under the lock, right before the folder is moved aside.
    const { code, text } = await cleaned(dir, {}, () => {
      change(out);
      return '0123456789abcdef';
    });
    t.equal(code, 0, what);
    t.match(text, /left alone, .*: 1 run\n {2}\.\/out\n/, what);
    t.strictSame(namesIn(dir), ['out'], what);
    t.ok(namesIn(out).includes('plan.json'), what);
  }
});

t.test('a removal that was cut off is finished by the next one', async (t) => {
  const dir = t.testdir();
  const aside = join(dir, '.out.0123456789abcdef.removed');
  writeRun(aside);
  for (const name of ['audit.jsonl', 'orchestrator_run_report.json', 'artifacts']) {
    rmSync(join(aside, name), { recursive: true });
  }
  t.match(await cleaned(dir), { code: 0, text: /^removed \.\/\.out/ });
  t.strictSame(readdirSync(dir), []);
});

t.test('a run that cannot be removed is told, exit 1, and is as it was', async (t) => {
  const dir = t.testdir({ '.out.0123456789abcdef.removed': { 'in-the-way.txt': '' } });
  writeRun(join(dir, 'out'));
  const before = namesIn(join(dir, 'out'));
  const { code, text } = await cleaned(dir, {}, () => '0123456789abcdef');
  t.equal(code, 1);
  t.match(text, /^not removed \.\/out: cannot remove \S+\/out: /);
  t.strictSame(
    namesIn(join(dir, 'out')).filter((name) => name !== '.lock'),
    before,
  );
});

t.test('the folder that one stands in is left alone', async (t) => {
  const dir = t.testdir();
  writeRun(dir);
  t.match((await cleaned(dir)).text, 'the working directory is in it');
  t.ok(namesIn(dir).includes('orchestrator_checkpoint.json'));
});

t.test('the JSON says what became of every run, and that nothing was removed', async (t) => {
  const dir = t.testdir();
  writeRun(join(dir, 'out'));
  writeRun(join(dir, 'blocked'), { status: 'blocked', gates: { ci: 'missing' }, runId: 'b' });
  const { text } = await cleaned(dir, { json: true, execute: false });
  t.match(JSON.parse(text), {
    executed: false,
    runs: [
      { state: 'blocked', outcome: 'stays', why: /--include-blocked/ },
      { state: 'done', outcome: 'removable', bytes: Number },
    ],
  });
});
