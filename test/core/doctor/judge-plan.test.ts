import t from 'tap';
import { countFindings, fine, inOrder, problem, warning } from '../../../src/core/doctor/finding.ts';
import {
  judgeEnvironment,
  judgeExecutable,
  judgeKey,
  judgePolicy,
  judgeToken,
  refused,
} from '../../../src/core/doctor/judge-plan.ts';
import { failure } from '../../../src/core/failure.ts';
import { fail, ok } from '../../../src/core/result.ts';

t.test('a token is judged by its presence and length, and never shown', async (t) => {
  const secret = 'ghp_0123456789abcdefghij';
  const rows: readonly (readonly [string, string | undefined, 'github' | 'gitlab', string])[] = [
    ['missing for GitLab', undefined, 'gitlab', 'problem'],
    ['empty for GitLab', '', 'gitlab', 'problem'],
    ['missing for GitHub', undefined, 'github', 'warning'],
    ['usual', secret, 'github', 'ok'],
    ['with its newline', `${secret}\n`, 'github', 'problem'],
    ['short', secret.slice(0, 19), 'gitlab', 'warning'],
    ['long', secret.repeat(60), 'gitlab', 'warning'],
  ];
  for (const [name, value, forge, severity] of rows) {
    const found = judgeToken({ name: 'TOKEN', forge, value });
    t.equal(found.severity, severity, name);
    t.equal(found.subject, 'TOKEN');
    t.notMatch(JSON.stringify(found), /ghp_/, name);
  }
});

t.test('an executable, a key and a policy that a run would miss are problems with a fix', async (t) => {
  const none = failure('precondition', '--sign-key k: mode 0644', { remedy: 'chmod 600 k' });
  const findings = [
    judgeExecutable({ whose: 'executor', found: fail('agent was not found on PATH') }),
    judgeKey({ flag: '--sign-key', read: fail(none) }),
    judgePolicy({ source: 'cedar:policy', read: fail('there is no base commit') }),
    refused({ check: 'ground', means: 'a run is refused' }, failure('precondition', 'no folder')),
  ];
  for (const found of findings) {
    t.equal(found.severity, 'problem');
    t.ok(found.fix, found.check);
  }
  t.equal(findings[1]?.fix, 'chmod 600 k', "the product's own remedy");
  const good = [
    judgeExecutable({ whose: 'executor', found: ok('/bin/agent') }),
    judgeKey({ flag: '--sign-key', read: ok(undefined) }),
    judgeKey({ flag: '--sign-key', read: null }),
    judgePolicy({ source: 'cedar:policy', read: ok(3) }),
  ];
  t.strictSame(new Set(good.map((one) => one.severity)), new Set(['ok']));
});

t.test('what a stage will not find in its environment, or should not, is a warning', async (t) => {
  const facts = { whose: 'executor', names: ['HOME', 'PATH'], missing: [], inheritedSecrets: [] };
  t.match(judgeEnvironment(facts), { severity: 'ok', seen: 'HOME PATH' });
  t.match(judgeEnvironment({ ...facts, names: ['HOME'] }), { severity: 'warning', means: /by name/ });
  t.match(judgeEnvironment({ ...facts, missing: ['API_KEY'] }), {
    severity: 'warning',
    fix: /export API_KEY=/,
  });
  t.match(judgeEnvironment({ ...facts, inheritedSecrets: ['AWS_SECRET'] }), {
    severity: 'warning',
    seen: /AWS_SECRET/,
  });
});

t.test('findings come worst first, then in the order of the checks, and are counted', async (t) => {
  const said = { seen: 's', means: 'm' };
  const findings = [
    fine({ ...said, check: 'git' }),
    warning({ ...said, check: 'locale', fix: 'f' }),
    problem({ ...said, check: 'disk', fix: 'f' }),
    warning({ ...said, check: 'sandbox', fix: 'f' }),
    problem({ ...said, check: 'out-dir', fix: 'f' }),
  ];
  t.strictSame(
    inOrder(findings).map((one) => one.check),
    ['out-dir', 'disk', 'sandbox', 'locale', 'git'],
  );
  t.strictSame(countFindings(findings), { problem: 2, warning: 2, ok: 1 });
});

t.test('a text from outside is kept in bounds', async (t) => {
  const long = 'x'.repeat(100_000);
  const found = problem({ check: 'git', seen: long, means: long, fix: long });
  t.ok(JSON.stringify(found).length < 2_000);
});
