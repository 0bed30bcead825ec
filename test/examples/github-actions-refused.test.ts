/** What must not end well when the example's workflow runs. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MEND } from './ci-scratch.ts';
import { git, withExecutable } from './example.ts';
import { makeForge, marks, RUN_ID, said } from './github-actions.ts';

const EVIDENCE = ['orchestrator-evidence', 'evidence.tar.gz'] as const;
const PAGE = ['orchestrator-report', 'report.html'] as const;

withExecutable(
  'a pull request of a fork gets no agent and no secret, and is not closure-ready',
  (t, base) => {
    const fork = {
      pull_request: { number: 8, head: { sha: 'f'.repeat(40), repo: { full_name: 'eve/shop' } } },
    };
    const ended = makeForge(base).run({ github: { event: fork } });
    t.equal(marks(ended), '----x', said(ended));
  },
);

withExecutable(
  'an agent that fails or goes out of scope waits for nobody, and leaves evidence',
  (t, base) => {
    for (const [agent, code, state] of [
      ['exit 1', 1, 'failed'],
      [`${MEND}; echo x >> README.md`, 3, 'blocked'],
    ] as const) {
      const forge = makeForge(join(base, state));
      const asked: string[] = [];
      const ended = forge.run({ agent, begin: (job) => asked.push(job) > 0 });
      t.equal(marks(ended), 'x---x', said(ended));
      t.strictSame(asked, ['change', 'closure-ready']);
      t.match(forge.outcome(code), { terminal_state: state });
      t.ok(existsSync(forge.artifact(...PAGE)), 'the page too');
      t.match(ended.change?.said, /^::error /m);
    }
  },
);

withExecutable('tests that fail elsewhere, or a person who says no, leave the run blocked', (t, base) => {
  const tested = makeForge(join(base, 'tested'));
  const failing = tested.run({
    begin: (job) => {
      if (job === 'test') tested.program('make', '#!/bin/sh\nexit 2\n');
      return true;
    },
  });
  t.equal(marks(failing), '..x-x', said(failing));
  const refused = makeForge(join(base, 'refused')).run({ begin: (job) => job !== 'resume' });
  t.equal(marks(refused), '...xx', said(refused));
});

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

withExecutable('a download of another digest is never started', (t, base) => {
  const ended = makeForge(base).run({ env: { ORCHESTRATOR_SHA256: '0'.repeat(64) } });
  t.equal(marks(ended), 'x---x', said(ended));
  t.notMatch(ended.change?.said, 'planning');
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
  t.ok(existsSync(forge.artifact(...EVIDENCE)));
  t.match(git(join(base, 'origin'), 'status', '--short'), '');
});
