import { join } from 'node:path';
import { expectedOf, git, outcomeOf, ROOT, runAs, withExecutable } from './example.ts';

const RUN = join(ROOT, 'examples/gates/run.sh');

withExecutable(
  'a delivered change is blocked, approved, done, signed and verified, and a bold one never leaves',
  (t, base) => {
    const folder = join(base, 'gates');
    const ended = runAs(base, base, [RUN, folder]);
    t.equal(ended.code, 0, ended.stdout + ended.stderr);
    const outcomes = [outcomeOf(0, join(folder, 'out/greeting')), outcomeOf(3, join(folder, 'out/bold'))];
    t.strictSame(outcomes, expectedOf('gates'));
    t.match(ended.stdout, /blocked: GATE_REVIEW_NOT_APPROVED/);
    t.match(ended.stdout, /approvals_missing/, 'explain names what is missing');
    t.match(ended.stdout, /ok +signature/);
    t.match(ended.stdout, /FAILED +signed content/);
    t.match(ended.stdout, /path_protected \.github\/workflows\/ci\.yml/);
    const branches = git(
      base,
      '--git-dir',
      join(folder, 'remote.git'),
      'for-each-ref',
      '--format=%(refname:short)',
    );
    t.strictSame(branches.trim().split('\n'), ['agent/greeting', 'main']);
  },
);

withExecutable('run.sh of the gates touches no folder that exists', (t, base) => {
  t.match(runAs(base, base, [RUN, base]), { code: 2, stderr: /exists already/ });
});
