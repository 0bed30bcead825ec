/** What must not end well when the example's workflow runs. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MEND } from './ci-scratch.ts';
import { withExecutable } from './example.ts';
import { makeForge, marks, said } from './github-actions.ts';

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

withExecutable('a download of another digest is never started', (t, base) => {
  const ended = makeForge(base).run({ env: { ORCHESTRATOR_SHA256: '0'.repeat(64) } });
  t.equal(marks(ended), 'x---x', said(ended));
  t.notMatch(ended.change?.said, 'planning');
});
