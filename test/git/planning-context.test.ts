import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { planningContextSchema } from '../../src/formats/planning-context.schema.ts';
import { type PlanningContext, serialisePlanningContext } from '../../src/formats/planning-context.ts';
import { walkFolder } from '../../src/git/folder-walk.ts';
import { buildPlanningContext } from '../../src/git/planning-context.ts';
import { type Rig, rig, temporaryFolder } from './rig.ts';

async function context(
  r: Rig,
  more: { root?: string; excludes?: string[] } = {},
  runId = 'run-1',
): Promise<PlanningContext> {
  const built = await buildPlanningContext({ ...r.options(more), runId });
  if (!built.ok) throw new Error(built.failure.message);
  return built.value;
}

t.test('the document says what is in the repository, and its schema accepts it', async (t) => {
  const files = {
    'README.md': '# Hello\n',
    'src/a.ts': '',
    'src/b.TS': '',
    'go.mod': 'module x\n',
    LICENSE: '',
  };
  const r = rig(t, files);
  r.write('untracked.py', '');
  const built = await context(r);
  const text = serialisePlanningContext(built);
  t.strictSame(planningContextSchema.parse(JSON.parse(text)), built);
  t.strictSame(built, {
    schema_version: '1.0',
    product: 'orchestrator',
    run_id: 'run-1',
    repo: {
      name: 'repo',
      is_git: true,
      head: r.git('rev-parse', 'HEAD').trim(),
      branch: 'main',
      dirty: true,
    },
    files: {
      count: 6,
      listing: ['LICENSE', 'README.md', 'go.mod', 'src/a.ts', 'src/b.TS', 'untracked.py'],
      listing_truncated: false,
      top_level: ['LICENSE', 'README.md', 'go.mod', 'src/', 'untracked.py'],
      extensions: [
        { extension: 'ts', count: 2 },
        { extension: '', count: 1 },
        { extension: 'md', count: 1 },
        { extension: 'mod', count: 1 },
        { extension: 'py', count: 1 },
      ],
    },
    readme: { path: 'README.md', excerpt: '# Hello\n', truncated: false },
    recent_commits: [{ commit: r.git('rev-parse', 'HEAD').trim(), subject: 'first' }],
    validation_commands: [{ argv: ['go', 'test', './...'], source: 'go.mod' }],
    notes: [],
  });
});

t.test('the same tree gives the same bytes, but for the run id', async (t) => {
  const r = rig(t, { 'b/x.c': '', 'a/y.c': '', 'c.h': '' });
  const one = serialisePlanningContext(await context(r));
  const other = serialisePlanningContext(await context(r, {}, 'run-2'));
  t.equal(other.replace('run-2', 'run-1'), one);
  t.ok(one.endsWith('}\n'));
});

t.test('hostile text arrives as data: escaped, bounded, and nothing follows from it', async (t) => {
  const r = rig(t, { 'README.md': `${'x'.repeat(5000)}`, 'new\nline': '' });
  r.git('commit', '-q', '--allow-empty', '-m', `--output=x \u001b[31m"}${'y'.repeat(300)}`);
  const built = await context(r);
  t.equal(built.readme?.excerpt.length, 4000);
  t.equal(built.readme?.truncated, true);
  t.match(built.recent_commits[0]?.subject, /^--output=x \\x1b\[31m"}y+$/);
  t.equal(built.recent_commits[0]?.subject.length, 200);
  t.equal(built.files.listing.includes('new\\x0aline'), true);
  t.strictSame(JSON.parse(serialisePlanningContext(built)), built);
});

t.test('links are not followed: a readme or a package.json that is one counts as absent', async (t) => {
  const r = rig(t);
  writeFileSync(join(r.base, 'secret'), '{"scripts":{"test":"secret"}}');
  for (const name of ['README.md', 'package.json']) symlinkSync('../secret', join(r.root, name));
  const built = await context(r);
  t.equal(built.readme, null);
  t.strictSame(built.validation_commands, []);
});

t.test('what is excluded is not told', async (t) => {
  const r = rig(t);
  r.write('out/report.json', '');
  const built = await context(r, { excludes: [join(r.root, 'out')] });
  t.strictSame(built.files.top_level, ['a.txt']);
});

t.test('a folder outside git is told by its files, links not followed, bounded', async (t) => {
  const r = rig(t);
  const root = temporaryFolder(t);
  mkdirSync(join(root, 'd/node_modules'), { recursive: true });
  for (const name of ['b.txt', 'a.txt', 'd/c.txt', 'd/node_modules/x']) writeFileSync(join(root, name), '');
  symlinkSync('/', join(root, 'everything'));
  execFileSync('mkfifo', [join(root, 'pipe')]);
  const built = await context(r, { root });
  t.strictSame(built.repo, { ...built.repo, is_git: false, head: null, branch: null, dirty: null });
  t.strictSame(built.files.listing, ['a.txt', 'b.txt', 'd/c.txt', 'everything']);
  t.strictSame(
    walkFolder(root, () => false, 2),
    { keys: ['a.txt', 'b.txt'], truncated: true },
  );
});

t.test('a listing over the bound is cut and says so', async (t) => {
  const r = rig(t, {});
  for (let n = 0; n < 2001; n++) r.write(`f${n}`, '');
  const built = await context(r);
  t.equal(built.files.count, 2001);
  t.equal(built.files.listing.length, 2000);
  t.equal(built.files.listing_truncated, true);
  t.equal(built.files.top_level.length, 500);
  t.strictSame(built.recent_commits, []);
});

t.test('a history that cannot be read is a note, a shallow one is none', async (t) => {
  const r = rig(t);
  r.write('b', '');
  r.commit('second');
  const clone = join(r.base, 'shallow');
  execFileSync('git', ['clone', '-q', '--depth=1', `file://${r.root}`, clone]);
  const shallow = await context(r, { root: clone });
  t.strictSame([shallow.recent_commits.length, shallow.notes.length], [1, 0]);
  const parent = r.git('rev-parse', 'HEAD~1').trim();
  execFileSync('rm', ['-f', join(r.root, '.git/objects', parent.slice(0, 2), parent.slice(2))]);
  t.strictSame((await context(r)).notes, ['the history cannot be read']);
});
