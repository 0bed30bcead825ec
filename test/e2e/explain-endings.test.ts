import { ENDINGS, makeEndings, makeLive } from './endings.ts';
import { e2e, type Rig } from './rig.ts';

/** What `explain` says of a run, held to what it always has to be. */
async function explained(rig: Rig, name: string): Promise<string> {
  const { stdout, stderr } = await rig.run(['explain', `./${name}`]);
  const lines = stdout.trimEnd().split('\n').length;
  if (lines > 10 || stderr !== '') throw new Error(`${name}: ${lines} lines, stderr ${stderr}`);
  if (process.env.SHOW === '1') console.error(`--- ${name}\n${stdout}`);
  return stdout;
}

e2e('explain says of every way to end what it was, what to type, and where to read on', async (t, rig) => {
  t.strictSame(
    await makeEndings(rig),
    ENDINGS.map((one) => one.code),
  );
  for (const { name, says } of ENDINGS) {
    const text = await explained(rig, name);
    for (const word of says) t.match(text, word, name);
  }
});

const LIVE: Readonly<Record<string, readonly RegExp[]>> = {
  sigint: [
    /^not finished: interrupted: stopped by SIGINT/,
    /^next: orchestrator \.\/sigint --resume$/m,
    /#interrupted/,
  ],
  sigterm: [/^not finished: interrupted: stopped by SIGTERM/, /--resume$/m],
  sighup: [/^not finished: interrupted: .*SIGHUP/, /--resume$/m],
  killed: [
    /^not finished: it stopped in execution, attempt 1 under way/,
    /killed, or power lost/,
    /--resume$/m,
  ],
  running: [
    /^being worked on: execution, attempt 1, for /,
    /is held by process \d+/,
    /explain \.\/running$/m,
  ],
};

e2e('explain tells a run that is worked on from one that was interrupted or killed', async (t, rig) => {
  const { stop } = await makeLive(rig);
  for (const [name, says] of Object.entries(LIVE)) {
    const text = await explained(rig, name);
    for (const word of says) t.match(text, word, name);
  }
  await stop();
  t.match(await explained(rig, 'running'), /^done: /);
});

e2e(
  'explain names what changed in the work tree, and in what git runs, since it was looked at',
  async (t, rig) => {
    rig.gitRepo({ 'a.txt': 'a\n' });
    const flags = ['--policy-status', 'allow', '--ci-status', 'success', '--executor-bin', '/bin/true'];
    await rig.run(['./changed', ...flags]);
    rig.write('a.txt', 'other\n');
    t.equal((await rig.run(['./changed', '--resume', '--review-status', 'approved'])).code, 3);
    const changed = await explained(rig, 'changed');
    t.match(changed, /^blocked: .*WORKTREE_CHANGED_SINCE_VALIDATION/);
    t.match(changed, /changed a\.txt/);
    t.match(changed, /^next: orchestrator \.\/changed --resume --rerun-from validation$/m);
    const planter = rig.agent('planter', 'git config core.hooksPath .husky');
    t.equal((await rig.run(['./planted', ...flags.slice(0, 4), '--executor-bin', planter])).code, 3);
    const planted = await explained(rig, 'planted');
    t.match(planted, /^blocked: .*GIT_SETTINGS_CHANGED/);
    t.match(planted, /added config core\.hookspath/);
    t.match(planted, /^docs: docs\/reason-codes\.md#.*git_settings_changed/m);
  },
);
