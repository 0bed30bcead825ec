/** What a later job makes of the evidence of an earlier one. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { git, withExecutable } from './example.ts';
import { makeForge, marks, RUN_ID, said } from './github-actions.ts';

withExecutable('what was changed after it was validated is not approved', (t, base) => {
  const forge = makeForge(base);
  // On the machine that resumes, applying the change leaves one more file behind.
  const begin = (job: string) => {
    if (job === 'resume') {
      forge.program(
        'git',
        '#!/bin/sh\n[ "$1" != apply ] || touch more.txt\nPATH=/usr/local/bin:/usr/bin:/bin exec git "$@"\n',
      );
    }
    return true;
  };
  const ended = forge.run({ begin });
  t.equal(marks(ended), '...xx', said(ended));
  t.match(forge.outcome(3).blocked_reason_codes, ['WORKTREE_CHANGED_SINCE_VALIDATION']);
});

withExecutable(
  'a blocked run is resumed later by its number, from this workflow and repository only',
  (t, base) => {
    const forge = makeForge(base);
    forge.run({ begin: (job) => job !== 'resume' });
    const github = { event_name: 'workflow_dispatch', run_id: '4712', event: {} };
    const inputs = { run_id: RUN_ID };
    for (const origin of [
      { head_repository: { full_name: 'eve/shop' } },
      { path: '.github/workflows/x.yml' },
    ]) {
      const refused = forge.run({ github, inputs, origin });
      t.equal(marks(refused), '-x---', said(refused));
      t.match(refused.evidence?.said, '::error::');
    }
    t.equal(marks(forge.run({ github, inputs: { run_id: '1/../2' } })), '-x---');
    const ended = forge.run({ github, inputs });
    t.equal(marks(ended), '-...-', said(ended));
    t.match(forge.outcome(0), { terminal_state: 'done' });
  },
);

withExecutable('the evidence that is uploaded holds no secret of the job', (t, base) => {
  const forge = makeForge(base);
  forge.run({ agent: 'echo "$CODEX_API_KEY" >&2; exit 1' });
  forge.outcome(1);
  const logs = readFileSync(join(base, 'unpacked/out/logs/execution.1.stderr.log'), 'utf8');
  t.equal(logs, '***\n');
  t.ok(existsSync(forge.artifact('orchestrator-evidence', 'evidence.tar.gz')));
  t.match(git(join(base, 'origin'), 'status', '--short'), '');
});
