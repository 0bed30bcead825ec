import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { VerificationDocument } from '../../src/formats/verification.ts';
import { takeContentTree } from '../../src/git/content-tree.ts';
import { verify, verifyEvidence } from '../../src/operations/verify.ts';
import { exitCode, recordedIo } from '../fixtures/documents/operation-io.ts';
import { type SampleArtifact, type SampleRun, sampleRun } from '../fixtures/documents/sample-run.ts';
import { writeEvidence } from '../fixtures/documents/write-evidence.ts';

const ARTIFACTS: readonly SampleArtifact[] = [
  { path: 'out:plan.json', content: '{"plan":1}\n' },
  { path: 'repo:notes.md', content: 'notes\n' },
];

interface Ground {
  readonly repo: string;
  readonly out: string;
}

function git(repo: string, ...args: readonly string[]): void {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'commit.gpgSign=false'];
  execFileSync('git', [...identity, ...args], { cwd: repo, stdio: 'ignore' });
}

/** A repository with evidence of a run in `out/`, as that run would have left it. */
async function ground(t: Test, sample: SampleRun = {}): Promise<Ground> {
  const files = { 'main.ts': 'one\n', 'notes.md': 'notes\n', '.gitignore': 'out/\n' };
  const repo = join(t.testdir({ repo: files, scratch: {} }), 'repo');
  const out = join(repo, 'out');
  mkdirSync(out);
  git(repo, 'init', '-q');
  git(repo, 'add', '.');
  git(repo, 'commit', '-qm', 'first');
  const taken = await takeContentTree({
    root: repo,
    excludes: [out],
    ignoreGlobs: [],
    environment: { path: process.env.PATH ?? '', home: null },
    scratch: tmpdir(),
    now: Date.now,
  });
  if (!taken.ok || taken.value.kind !== 'tree') throw new Error('a repository has a content tree');
  writeEvidence(out, sampleRun({ tree: taken.value.digest, artifacts: ARTIFACTS, ...sample }), ARTIFACTS);
  return { repo, out };
}

function verdicts(verification: VerificationDocument): Readonly<Record<string, string>> {
  return Object.fromEntries(verification.checks.map((one) => [one.name, one.verdict]));
}

function at(out: string) {
  return verifyEvidence({ outDir: out, checkpointPath: null }, recordedIo(out));
}

t.test('a run whose evidence and work tree are as they were is closure-ready', async (t) => {
  const { repo } = await ground(t);
  const io = recordedIo(repo);
  t.equal(
    await exitCode(verify({ outDir: join(repo, 'out'), checkpointPath: null, json: false }, io), io),
    0,
  );
  t.match(io.written(), /ok +work tree +as it was validated/);
  t.match(
    io.written(),
    /not checked +authenticity +unauthenticated: evidence forged as a whole would not be seen/,
  );
  t.match(io.written(), /run 2026\S+: closure-ready\n$/);
  git(repo, 'add', '.');
  git(repo, 'commit', '-qm', 'second', '--allow-empty');
  t.equal((await at(join(repo, 'out'))).exit_code, 0, 'a commit of the same content is no change');
});

t.test('it says so in JSON too', async (t) => {
  const { out } = await ground(t);
  const io = recordedIo(out);
  t.equal(await exitCode(verify({ outDir: out, checkpointPath: null, json: true }, io), io), 0);
  t.match(JSON.parse(io.written()), {
    exit_code: 0,
    closure_ready: true,
    terminal_state: 'done',
    reasons: [],
  });
});

const DAMAGES: Readonly<Record<string, readonly [string, (ground: Ground) => void]>> = {
  'a file of the work tree that changed': [
    'work tree',
    ({ repo }) => writeFileSync(join(repo, 'main.ts'), 'two\n'),
  ],
  'a file that was added': ['work tree', ({ repo }) => writeFileSync(join(repo, 'more.ts'), '')],
  'an artifact that changed': ['artifact files', ({ out }) => appendFileSync(join(out, 'plan.json'), ' ')],
  'an artifact that is gone': ['artifact files', ({ out }) => rmSync(join(out, 'plan.json'))],
  "an artifact's copy that changed": [
    'artifact copies',
    ({ out }) => {
      for (const name of readdirSync(join(out, 'artifacts')))
        writeFileSync(join(out, 'artifacts', name), '{"plan":2}\n');
    },
  ],
  'a report that changed': [
    'report',
    ({ out }) => appendFileSync(join(out, 'orchestrator_run_report.json'), '\n'),
  ],
  'an audit log that is gone': ['audit log', ({ out }) => rmSync(join(out, 'audit.jsonl'))],
  'a checkpoint that is gone': ['checkpoint', ({ out }) => rmSync(join(out, 'orchestrator_checkpoint.json'))],
  'a checkpoint that changed': [
    'checkpoint',
    ({ out }) => appendFileSync(join(out, 'orchestrator_checkpoint.json'), '\n'),
  ],
};

for (const [what, [check, damage]] of Object.entries(DAMAGES)) {
  t.test(`${what} is exit 1, by name`, async (t) => {
    const place = await ground(t);
    damage(place);
    const verification = await at(place.out);
    t.equal(verification.exit_code, 1);
    t.equal(verification.closure_ready, false);
    t.equal(verdicts(verification)[check], 'failed');
    t.match(verification.reasons.join('\n'), `${check}`);
  });
}

t.test('a done that was written by hand is exit 1', async (t) => {
  const { out } = await ground(t, { gates: { review: 'missing' } });
  const verification = await at(out);
  t.equal(verification.exit_code, 1);
  t.equal(verdicts(verification).consistency, 'failed');
});

t.test('a blocked run is exit 3, whatever the work tree has become', async (t) => {
  const { repo, out } = await ground(t, { status: 'blocked', gates: { ci: 'pending' } });
  t.equal((await at(out)).exit_code, 3);
  writeFileSync(join(repo, 'main.ts'), 'two\n');
  const moved = await at(out);
  t.equal(moved.exit_code, 3);
  t.match(moved.reasons.join('\n'), /work tree failed: WORKTREE_CHANGED_SINCE_VALIDATION: /);
});

t.test('a blocked run whose evidence does not hold is exit 1, not 3', async (t) => {
  const { out } = await ground(t, { status: 'blocked', gates: { ci: 'pending' } });
  rmSync(join(out, 'audit.jsonl'));
  t.equal((await at(out)).exit_code, 1);
});

t.test('failed, timed out, interrupted and unfinished runs are exit 1', async (t) => {
  for (const status of ['failed', 'timeout', 'interrupted', 'working'] as const) {
    const { out } = await ground(t, { status });
    t.equal((await at(out)).exit_code, 1, status);
  }
});

t.test('nothing there is exit 1 and says so', async (t) => {
  const verification = await at(join(t.testdir(), 'none'));
  t.match(verification, { exit_code: 1, run_id: null });
  t.match(verification.reasons[0], /expected the out_dir of a run, found nothing there; name the out_dir/);
});

t.test('a copy without its repository is not closure-ready: the work tree was not checked', async (t) => {
  const { out } = await ground(t);
  const far = join(tmpdir(), `orchestrator-verify-test-${process.pid}`);
  t.teardown(() => rmSync(far, { recursive: true, force: true }));
  cpSync(out, join(far, 'out'), { recursive: true });
  const verification = await at(join(far, 'out'));
  t.equal(verification.exit_code, 1);
  t.match(verdicts(verification), {
    'work tree': 'not-checked',
    'artifact files': 'not-checked',
    'artifact copies': 'ok',
  });
  t.match(verification.reasons.join('\n'), /work tree not checked: repo-root .* is no git work tree here/);
});

t.test(
  'a run about a folder outside git can be closure-ready: that it was not compared is said',
  async (t) => {
    const far = join(tmpdir(), `orchestrator-verify-plain-${process.pid}`);
    t.teardown(() => rmSync(far, { recursive: true, force: true }));
    const artifacts = ARTIFACTS.slice(0, 1);
    mkdirSync(join(far, 'out'), { recursive: true });
    writeEvidence(join(far, 'out'), sampleRun({ tree: null, artifacts }), artifacts);
    const verification = await at(join(far, 'out'));
    t.equal(verification.exit_code, 0);
    t.equal(verdicts(verification)['work tree'], 'not-checked');
    git(far, 'init', '-q');
    t.equal((await at(join(far, 'out'))).exit_code, 1, 'a folder that has become a work tree is another');
  },
);

t.test('it writes nothing, and works on a folder that cannot be written', async (t) => {
  const { out } = await ground(t);
  const seen = () =>
    readdirSync(out, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((name) => [name, statSync(join(out, name)).mtimeMs, statSync(join(out, name)).ctimeMs]);
  chmodSync(out, 0o555);
  const before = seen();
  const scratch = join(out, '..', '..', 'scratch');
  const io = recordedIo(out, { tmpdir: scratch });
  const verification = await verifyEvidence({ outDir: out, checkpointPath: null }, io);
  const after = seen();
  chmodSync(out, 0o755);
  t.equal(verification.exit_code, 0);
  t.strictSame(after, before);
  t.strictSame(readdirSync(scratch), [], 'nor is anything left where git was given room');
});

t.test('the report that is hostile is printed harmlessly', async (t) => {
  const { repo, out } = await ground(t);
  writeFileSync(join(repo, '\x1b[2J::error::'), '');
  const io = recordedIo(out);
  t.equal(await exitCode(verify({ outDir: out, checkpointPath: null, json: false }, io), io), 1);
  t.notMatch(io.written(), /[\u0000-\u0009\u000b-\u001f]/);
  t.ok(readFileSync(join(out, 'audit.jsonl')).length > 0);
});
