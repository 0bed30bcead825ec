import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A use of the product that is to start fast: the build looks at what it loads, tests and packages try it. What uses of
 * one name load is packed together: every script more costs all of them.
 */
export interface Use {
  readonly name: string;
  readonly args: readonly string[];
}

const TRUE = process.platform === 'darwin' ? '/usr/bin/true' : '/bin/true';
const ALL_PASS = ['--policy-status', 'allow', '--ci-status', 'success', '--review-status', 'approved'];

/** The uses that need nothing around them, in the order in which they work in an empty folder; all end with 0. */
export function uses(folder: string): readonly Use[] {
  const out = join(folder, 'out');
  const repository = join(folder, 'repository');
  mkdirSync(repository, { recursive: true });
  return [
    { name: 'version', args: ['--version'] },
    { name: 'help', args: ['--help'] },
    { name: 'run', args: run(out, repository) },
    { name: 'resume', args: [out, '--resume'] },
    { name: 'evidence', args: ['explain', out] },
    { name: 'evidence', args: ['report', out] },
    { name: 'evidence', args: ['verify', out] },
  ];
}

/** A run in a work tree of git, which is created in `folder`. Throws where there is no git. */
export function useInWorkTree(folder: string): Use {
  const workTree = join(folder, 'work-tree');
  mkdirSync(workTree);
  writeFileSync(join(workTree, 'file'), 'content\n');
  const identity = ['-c', 'user.name=build', '-c', 'user.email=build@example.invalid'];
  const commands = [
    ['init', '--quiet'],
    ['add', '.'],
    [...identity, 'commit', '--quiet', '--message', 'all'],
  ];
  for (const args of commands) {
    const { status, stderr, error } = spawnSync('git', args, { cwd: workTree, encoding: 'utf8' });
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${error?.message ?? stderr}`);
  }
  return { name: 'tree', args: run(join(folder, 'out-tree'), workTree) };
}

function run(out: string, repository: string): readonly string[] {
  return [out, '--repo-root', repository, '--manager-bin', TRUE, '--executor-bin', TRUE, ...ALL_PASS];
}
