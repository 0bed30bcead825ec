import t from 'tap';
import type { Change } from '../../../src/core/scope/change.ts';
import { judgeScope } from '../../../src/core/scope/judge-scope.ts';
import { judgePlan, type PlannedChanges } from '../../../src/core/scope/planned-changes.ts';
import { change, changeSet, scope } from './rig.ts';

const PLAN: PlannedChanges = [
  { path: 'src/a.ts', kind: 'modified' },
  { path: 'docs/', kind: null },
];

t.test('a plan within the scope is admitted', async (t) => {
  t.strictSame(judgePlan(PLAN, await scope({ allowed: ['src/**', 'docs/**'], maxFiles: 2 })), []);
});

t.test('a declared path that the scope refuses blocks admission, with its rule', async (t) => {
  const rules = await scope({ allowed: ['src/**'], protected: ['src/secret/**'], maxNewFiles: 0 });
  const planned: PlannedChanges = [
    { path: 'docs/', kind: null },
    { path: 'src/secret/x', kind: 'added' },
    { path: '../x', kind: null },
    { path: '/etc/passwd', kind: null },
    { path: '.git/config', kind: null },
  ];
  t.strictSame(
    judgePlan(planned, rules).map(({ code, path }) => `${code} ${path}`),
    [
      'path_not_allowed docs/',
      'path_protected src/secret/x',
      'path_outside_repository ../x',
      'path_outside_repository /etc/passwd',
      'path_in_git_dir .git/config',
      'too_many_new_files null',
    ],
  );
});

t.test('a folder is declared only where all of it is allowed', async (t) => {
  const planned = [{ path: 'src/', kind: null }];
  t.match(judgePlan(planned, await scope({ allowed: ['src/*.ts'] })), [{ code: 'path_not_allowed' }]);
});

t.test('a changed path that the plan did not declare is a breach', async (t) => {
  const question = async (...changes: readonly Change[]) =>
    judgeScope({ changes: changeSet(...changes), rules: await scope(), planned: PLAN });
  t.strictSame(await question(change('src/a.ts'), change('docs/x', { kind: 'added' })), []);
  t.match(await question(change('src/b.ts')), [{ code: 'path_not_planned', path: 'src/b.ts' }]);
  t.match(await question(change('src/a.ts', { kind: 'deleted' })), [
    { code: 'path_not_planned', message: 'src/a.ts is deleted, and the plan has it modified' },
  ]);
  const from = { path: 'x', name: 'x', isText: true, outsideRoot: false };
  t.match(await question(change('docs/y', { kind: 'renamed', from })), [
    { code: 'path_not_planned', path: 'x' },
  ]);
  t.match(await question(change('SRC/a.ts')), [{ code: 'path_not_planned' }], 'names are compared exactly');
});

t.test('a plan that declares that nothing changes lets nothing through', async (t) => {
  const breaches = judgeScope({ changes: changeSet(change('a')), rules: await scope(), planned: [] });
  t.match(breaches, [{ code: 'path_not_planned' }]);
});

t.test('a plan cannot widen the scope', async (t) => {
  const planned = [{ path: '.env', kind: null }];
  const breaches = judgeScope({ changes: changeSet(change('.env')), rules: await scope(), planned });
  t.match(breaches, [{ code: 'path_protected' }]);
});
