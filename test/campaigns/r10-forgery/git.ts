import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_PASS, PATH, type Rig } from '../../e2e/rig.ts';
import { type Attack, unless, unlessEnded } from './attack.ts';
import { replaceTree, VECTORS } from './git-vectors.ts';

/** What plain git is asked in the same tree. A pager wants a terminal, which script(1) gives it. */
const PLAIN: readonly string[] = [
  ...['git status', 'git diff', 'git add -A', 'git -c user.name=a -c user.email=a@b commit -qm x'],
  ...['git checkout -- .', 'git log -p -2', "script -qec 'git log' /dev/null"],
];

interface Trapped {
  readonly rig: Rig;
  readonly marker: string;
  /** A tree without the trap, and the same with it; `work` is made from one of them each time. */
  readonly clean: string;
  readonly trapped: string;
}

function setTrap(rig: Rig, name: string): Trapped {
  const marker = join(rig.base, 'marker');
  const program = rig.write(
    join(rig.base, 'program'),
    `#!/bin/sh\necho "$0 $*" >> '${marker}'\ncat\n`,
    0o755,
  );
  const [clean, trapped] = [join(rig.base, 'clean'), join(rig.base, 'trapped')];
  rig.gitRepo({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
  replaceTree(rig.work, clean);
  VECTORS[name]?.(rig, program);
  // Another content than the index has: git has to read the file, through any filter.
  rig.write('a.txt', 'other\n');
  replaceTree(rig.work, trapped);
  rmSync(marker, { force: true });
  return { rig, marker, clean, trapped };
}

const EXECUTOR = ['--executor-bin', 'true'] as const;

/** What the product is asked to do in a trapped tree, in this order: the later ones build on the earlier. */
const SITUATIONS: readonly (readonly [name: string, code: number, argv: readonly string[]])[] = [
  ['dry run', 0, ['./out', ...EXECUTOR, '--dry-run']],
  [
    'planning context',
    0,
    ['./context', ...ALL_PASS, ...EXECUTOR, '--planning-context-artifact', 'context/c.json'],
  ],
  ['fresh run', 3, ['./out', ...EXECUTOR, '--policy-status', 'allow']],
  ['resume', 0, ['./out', '--resume', ...ALL_PASS]],
  ['verify', 0, ['verify', './out']],
];

async function trySituations(trap: Trapped): Promise<readonly string[]> {
  const { rig, marker } = trap;
  const wrong: string[] = [];
  const look = (name: string): void => {
    if (existsSync(marker)) wrong.push(`${name}: ran ${rig.read(marker).split('\n')[0]}`);
    rmSync(marker, { force: true });
  };
  for (const [name, code, argv] of SITUATIONS) {
    wrong.push(...unlessEnded(await rig.run(argv), code).map((one) => `${name}: ${one}`));
    look(name);
  }
  replaceTree(trap.clean, rig.work);
  const sets = rig.agent('sets', `rm -rf .git; cp -a '${trap.trapped}/.' .`);
  const run = await rig.run(['./out', ...ALL_PASS, '--executor-bin', sets]);
  wrong.push(...unlessEnded(run, [0, 1, 3]).map((one) => `closure: ${one}`));
  look('a trap that the executor sets, until closure');
  return wrong;
}

/** Whether plain git in the same tree runs the program: the proof that the trap is one. */
function isTrap({ rig, marker, trapped }: Trapped): boolean {
  replaceTree(trapped, rig.work);
  for (const command of PLAIN) {
    const env = { PATH, HOME: rig.base, GIT_CONFIG_NOSYSTEM: '1', TERM: 'xterm' };
    spawnSync('sh', ['-c', command], { cwd: rig.work, env, stdio: 'ignore', timeout: 10_000 });
  }
  return existsSync(marker);
}

const vectors: readonly Attack[] = Object.keys(VECTORS).map((name) => ({
  row: 19,
  name: `git code execution by ${name}, in six situations`,
  control: 'plain git in the same tree runs the program',
  attempt: async (rig) => {
    const trap = setTrap(rig, name);
    const wrong = await trySituations(trap);
    return [...wrong, ...unless(isTrap(trap), 'the control: plain git did not run the program')];
  },
}));

const hidden: Attack = {
  row: 20,
  name: 'a reviewer points .git at another repository, which hides what it changes',
  control: 'the reviewer that changes nothing ends with 0; git status of the other repository shows nothing',
  attempt: async (rig) => {
    const trap = setTrap(rig, 'core.fsmonitor');
    replaceTree(trap.clean, rig.work);
    const moves = `mv .git ../moved && echo 'gitdir: ../moved' > .git && git update-index --assume-unchanged a.txt`;
    const reviewer = rig.agent(
      'reviewer',
      `${moves} && git config core.fsmonitor '${rig.base}/program' && echo x > a.txt`,
    );
    const run = await rig.run(['./out', ...ALL_PASS, '--reviewer-bin', reviewer]);
    const ran = existsSync(trap.marker);
    replaceTree(trap.clean, rig.work);
    const control = await rig.run(['./out', ...ALL_PASS, '--reviewer-bin', 'true']);
    return [
      ...unlessEnded(run, 3, 'WORKTREE_CHANGED_SINCE_VALIDATION'),
      ...unless(!ran, 'the program was run'),
      ...unlessEnded(control, 0),
    ];
  },
};

/** Rows 19 and 20: git in a tree that an agent has touched. */
export const GIT: readonly Attack[] = [...vectors, hidden];
