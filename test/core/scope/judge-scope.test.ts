import t from 'tap';
import type { ScopePlan } from '../../../src/core/gates/gate-plan.ts';
import { breachDetails } from '../../../src/core/scope/breach.ts';
import type { BreachCode } from '../../../src/core/scope/breach-codes.ts';
import type { Change } from '../../../src/core/scope/change.ts';
import { judgeScope } from '../../../src/core/scope/judge-scope.ts';
import { PROTECTED_PATHS } from '../../../src/core/scope/protected-paths.ts';
import { change, changeSet, linkTo, scope } from './rig.ts';

interface Row {
  readonly rule: string;
  readonly changes: readonly Change[];
  readonly scope?: Partial<ScopePlan>;
  /** Empty where it passes. */
  readonly codes: readonly BreachCode[];
}

const moved = (from: string): Partial<Change> => ({
  ...{ kind: 'renamed', lines: { added: 0, deleted: 0 } },
  from: { path: from, name: from, isText: true, outsideRoot: false },
});
const ADDED: Partial<Change> = { kind: 'added', oldMode: null };
const GONE: Partial<Change> = { kind: 'deleted', newMode: null };

const ROWS: readonly Row[] = [
  row('a modified file passes a scope without limits', [change('src/a.ts')], []),
  row('a path that matches no allowed glob is refused', [change('a.ts')], ['path_not_allowed'], {
    allowed: ['src/**'],
  }),
  row('a path that matches an allowed glob passes', [change('src/x/.a')], [], { allowed: ['src/**'] }),
  row('docs/ is the folder with all that is in it', [change('docs/x/y')], [], { allowed: ['docs/'] }),
  row('an allowed glob does not take what is below its matches', [change('src/x/y')], ['path_not_allowed'], {
    allowed: ['src/*'],
  }),
  row('a protected glob takes what is below its matches', [change('src/x/y')], ['path_protected'], {
    protected: ['src/*'],
  }),
  row('allowing a protected path does not unprotect it', [change('.env')], ['path_protected'], {
    allowed: ['**'],
  }),
  row('a built-in protected path passes once it is named as unprotected', [change('go.sum')], [], {
    unprotected: ['go.sum'],
  }),
  row('what the project protects cannot be unprotected', [change('x/a')], ['path_protected'], {
    ...{ protected: ['x/**'], unprotected: ['x/**'] },
  }),
  row('.git cannot be unprotected', [change('.git/config')], ['path_in_git_dir'], {
    unprotected: ['.git/**'],
  }),
  row('globs are folded like paths', [change('Secret/A.txt')], ['path_protected'], {
    protected: ['sEcret/**'],
  }),
  row('the source of a rename counts for path rules', [change('b', moved('.env'))], ['path_protected']),
  row('a rename is a file that goes', [change('b', moved('a'))], ['too_many_deleted_files'], {
    maxDeletedFiles: 0,
  }),
  row('a rename is a file that comes', [change('b', moved('a'))], ['too_many_new_files'], { maxNewFiles: 0 }),
  row('a rename is two files', [change('b', moved('a'))], ['too_many_files'], { maxFiles: 1 }),
  row('as many files as allowed pass', [change('a'), change('b')], [], { maxFiles: 2 }),
  row('one file more is refused', [change('a'), change('b')], ['too_many_files'], { maxFiles: 1 }),
  row(
    'lines added and deleted count together',
    [change('a', { lines: { added: 2, deleted: 2 } })],
    ['too_many_lines'],
    {
      maxLines: 3,
    },
  ),
  row('lines that were not counted are too many', [change('a', { lines: null })], ['too_many_lines'], {
    maxLines: 1_000_000,
  }),
  row('lines that were not counted pass where lines have no limit', [change('a', { lines: null })], []),
  row('a limit of 0 is a limit', [change('a', ADDED)], ['too_many_new_files'], { maxNewFiles: 0 }),
  row('a limit that is no number lets nothing through', [change('a')], ['too_many_files'], {
    maxFiles: Number.NaN,
  }),
  row('a deleted file over the budget is refused', [change('a', GONE)], ['too_many_deleted_files'], {
    maxDeletedFiles: 0,
  }),
  row('a link to a file of the repository passes', [change('l', linkTo('src/a.ts'))], []),
  row('a link to a protected path is refused', [change('l', linkTo('.env.local'))], ['symlink_to_protected']),
  row(
    'a link that leads out is refused',
    [change('l', { newMode: 'symlink', link: { text: '../..', place: 'outside', to: null } })],
    ['symlink_escapes'],
  ),
  row(
    'a link that leads nowhere that can be told is refused',
    [change('l', { newMode: 'symlink', link: { text: 'l', place: 'lost', to: null } })],
    ['symlink_escapes'],
  ),
  row(
    'a file that becomes executable is refused',
    [change('a', { newMode: 'executable' })],
    ['mode_changed'],
  ),
  row(
    'a file that is executable no longer is refused',
    [change('a', { oldMode: 'executable' })],
    ['mode_changed'],
  ),
  row('a new file may be executable', [change('a', { ...ADDED, newMode: 'executable' })], []),
  row(
    'a submodule that moves is refused',
    [change('s', { oldMode: 'submodule', newMode: 'submodule' })],
    ['submodule_changed'],
  ),
  row(
    'a submodule that goes is refused',
    [change('s', { ...GONE, oldMode: 'submodule' })],
    ['submodule_changed'],
  ),
  row(
    'a repository in the repository is refused',
    [change('s', { ...ADDED, newMode: 'repository' })],
    ['nested_repository'],
  ),
  row('a pipe is refused', [change('s', { newMode: 'special' })], ['special_file']),
  row(
    'a path that folds to another one is refused',
    [change('A', { ...ADDED, collidesWith: 'a' })],
    ['path_collides'],
  ),
  row('a hidden file is refused', [change('a', { ...ADDED, hidden: true })], ['path_hidden']),
  row(
    'a path outside of repo-root is refused',
    [change('../a', { outsideRoot: true })],
    ['path_outside_root'],
  ),
  row(
    'a name that is not UTF-8 is refused where it is new',
    [change('f\\xff', { ...ADDED, isText: false })],
    ['name_not_portable'],
  ),
  row('an old name that is not portable may stay', [change('aux.ts')], []),
];

for (const { rule, changes, scope: plan, codes } of ROWS) {
  t.test(rule, async (t) => {
    const breaches = judgeScope({
      changes: changeSet(...changes),
      rules: await scope(plan),
      planned: null,
    });
    t.strictSame(
      breaches.map(({ code }) => code),
      codes,
    );
  });
}

t.test('every built-in protected path is refused, in any folder it can be in and in any case', async (t) => {
  const rules = await scope();
  for (const glob of PROTECTED_PATHS) {
    const path = glob.replace('**/', 'a/B/').replace('/**', '/X.yml').replace('*', '.local');
    for (const spelled of [path, path.toUpperCase()]) {
      const found = judgeScope({ changes: changeSet(change(spelled)), rules, planned: null });
      t.match(found, [{ code: 'path_protected', rule: `protected: ${glob}` }], spelled);
    }
  }
});

t.test('without a scope only .git and what leads out of the repository are refused', async (t) => {
  const changes = changeSet(
    change('.env'),
    change('s', { oldMode: 'submodule' }),
    change('../x', { outsideRoot: true }),
    change('l', { newMode: 'symlink', link: { text: '/etc', place: 'outside', to: null } }),
    change('a/.GIT/config'),
    change('a/../../x'),
    change('h', linkTo('.git/hooks')),
  );
  t.strictSame(
    judgeScope({ changes, rules: null, planned: null }).map(({ code, path }) => `${code} ${path}`),
    ['path_in_git_dir a/.GIT/config', 'path_outside_repository a/../../x', 'path_in_git_dir h'],
  );
});

t.test('every breach blocks; of many of one code the first 20 are told and all are counted', async (t) => {
  const changes = changeSet(...Array.from({ length: 30 }, (_, at) => change(`${at}/.env`)), change('go.sum'));
  const details = breachDetails(judgeScope({ changes, rules: await scope(), planned: null }));
  t.equal(details.length, 21);
  t.ok(details.every(({ blocks, remedy }) => blocks && remedy !== null));
  t.match(details[0], {
    code: 'path_protected',
    about: '0/.env',
    message: '0/.env is protected (rule: protected: **/.env*)',
  });
  t.match(details[20]?.message, '31 in all');
});

t.test('a path that is very long is cut in a detail', async (t) => {
  const changes = changeSet(change(`${'x'.repeat(5000)}/.env`));
  const [detail] = breachDetails(judgeScope({ changes, rules: await scope(), planned: null }));
  t.ok((detail?.about ?? '').length <= 300);
  t.ok((detail?.message ?? '').length < 500);
});

function row(
  rule: string,
  changes: readonly Change[],
  codes: readonly BreachCode[],
  plan: Partial<ScopePlan> = {},
): Row {
  return { rule, changes, codes, scope: plan };
}
