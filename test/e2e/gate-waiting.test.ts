import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { readScenario } from '../forge/scenario.ts';
import { type Forge, startForge } from '../forge/server.ts';
import { e2e, type Rig, until } from './rig.ts';

const ASKED = ['--executor-bin', '/bin/true', '--policy-status', 'allow', '--review-status', 'approved'];
const env = { GITHUB_TOKEN: 'forge-token' };

async function pendingForge(t: Test, rig: Rig, more: Readonly<Record<string, unknown>> = {}): Promise<Forge> {
  rig.gitRepo({ 'a.txt': 'a\n' });
  const forge = await startForge(
    readScenario({
      shows: 'A check that is still running.',
      verdict: { forge: 'github', gate: 'ci', status: 'pending', passed: false, codes: [] },
      github: {
        checkRuns: [{ name: 'build', status: 'in_progress', conclusion: null }],
        rules: ['build'],
        pull: { sha: rig.git('rev-parse', 'HEAD').trim() },
      },
      ...more,
    }),
  );
  t.teardown(() => forge.close());
  return forge;
}

/** The check ends well. */
function finish(forge: Forge): void {
  for (const run of forge.world.scenario.github.checkRuns) {
    Object.assign(run, { status: 'completed', conclusion: 'success' });
  }
}

e2e('without a wait a pending check blocks at once', async (t, rig) => {
  const forge = await pendingForge(t, rig);
  const run = await rig.run(
    ['./out', ...ASKED, '--ci-from', 'github:acme/shop#7', '--github-url', forge.github],
    { env },
  );
  t.equal(run.code, 3, run.said);
  t.match(rig.report().gate_decisions[1], { status: 'pending', passed: false });
});

e2e(
  'a check that passes while closure waits closes the run, and what it waits for is told',
  async (t, rig) => {
    const forge = await pendingForge(t, rig);
    const live = rig.start(
      [
        './out',
        ...ASKED,
        '--ci-from',
        'github:acme/shop#7',
        '--github-url',
        forge.github,
        '--gate-wait-ms',
        '60000',
        '--gate-poll-ms',
        '100',
      ],
      { env },
    );
    await until('it says what it waits for', () => /gate ci: waiting for .*build/.test(live.said()));
    finish(forge);
    const ended = await live.finished;
    t.equal(ended.code, 0, ended.said);
  },
);

e2e('what was judged before closure waits survives a kill, and can be approved meanwhile', async (t, rig) => {
  const forge = await pendingForge(t, rig);
  const runs = join(rig.base, 'runs');
  const judge = rig.agent('judges', `echo run >> '${runs}'`);
  const waiting = ['--gate-wait-ms', '60000', '--gate-poll-ms', '100'];
  const source = ['--ci-from', 'github:acme/shop#7', '--github-url', forge.github];
  const args = ['./out', ...ASKED, '--validation-bin', judge, ...source, ...waiting];
  const live = rig.start(args, { env });
  await until('it waits', () => /gate ci: waiting for .*build/.test(live.said()));
  t.match(rig.checkpoint(), { run: { state: { progress: { stage: 'closure' } } } });
  live.signal('SIGKILL');
  await live.finished;
  finish(forge);
  const resumed = await rig.run(['./out', '--resume'], { env });
  t.equal(resumed.code, 0, resumed.said);
  t.equal(readFileSync(runs, 'utf8'), 'run\n');
});

e2e('content that changes while closure waits blocks, whatever the gates come to say', async (t, rig) => {
  const forge = await pendingForge(t, rig);
  const waiting = ['--gate-wait-ms', '60000', '--gate-poll-ms', '100'];
  const source = ['--ci-from', 'github:acme/shop#7', '--github-url', forge.github];
  const live = rig.start(['./out', ...ASKED, ...source, ...waiting], { env });
  await until('it waits', () => /gate ci: waiting for .*build/.test(live.said()));
  rig.write('a.txt', 'another\n');
  finish(forge);
  const ended = await live.finished;
  t.equal(ended.code, 3, ended.said);
  t.match(rig.report(), {
    blocked_reason_codes: ['WORKTREE_CHANGED_SINCE_VALIDATION'],
    worktree_changes: ['changed a.txt'],
    gate_decisions: [{ passed: true }, { passed: true }, { passed: true }],
  });
  const again = await rig.run(['./out', '--resume'], { env });
  t.equal(again.code, 3, again.said);
});

e2e('a signal ends the waiting, and a resume goes on with it', async (t, rig) => {
  const forge = await pendingForge(t, rig);
  const args = [
    ...ASKED,
    '--ci-from',
    'github:acme/shop#7',
    '--github-url',
    forge.github,
    '--gate-wait-ms',
    '60000',
    '--gate-poll-ms',
    '100',
  ];
  const live = rig.start(['./out', ...args], { env });
  await until('it says what it waits for', () => /gate ci: waiting/.test(live.said()));
  live.signal('SIGTERM');
  const ended = await live.finished;
  t.equal(ended.code, 143, ended.said);
  t.equal(rig.report().terminal_state, null);
  finish(forge);
  const resumed = await rig.run(['./out', '--resume'], { env });
  t.equal(resumed.code, 0, resumed.said);
});

e2e('a deadline that passes blocks with what was waited for', async (t, rig) => {
  const forge = await pendingForge(t, rig);
  const run = await rig.run(
    [
      './out',
      ...ASKED,
      '--ci-from',
      'github:acme/shop#7',
      '--github-url',
      forge.github,
      '--gate-wait-ms',
      '300',
      '--gate-poll-ms',
      '100',
    ],
    { env },
  );
  t.equal(run.code, 3, run.said);
  t.match((rig.report().gate_decisions[1]?.details ?? []).join(), /check_pending: .*build/);
});
