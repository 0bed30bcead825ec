import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BENCH_ENV, type Command } from './measure.ts';

/** Where the measurements take place, and the command line of a run that ends closure-ready. */
export interface Bench {
  readonly executable: string;
  /** A temporary folder. */
  readonly folder: string;
  /** A repository root that is no work tree of git, and one that is. */
  readonly plainRepository: string;
  readonly gitRepository: string;
  readonly run: (outDir: string, repository: string, stages: readonly string[]) => Command;
}

const ALL_PASS = ['--policy-status', 'allow', '--ci-status', 'success', '--review-status', 'approved'];

export function prepareBench(folder: string): Bench {
  const executable = resolve(import.meta.dirname, '../../bin/orchestrator');
  const plainRepository = join(folder, 'plain');
  const gitRepository = join(folder, 'git');
  mkdirSync(plainRepository);
  createGitRepository(gitRepository);
  return {
    executable,
    folder,
    plainRepository,
    gitRepository,
    run: (outDir, repository, stages) => ({
      file: executable,
      args: [outDir, '--repo-root', repository, ...stages, ...ALL_PASS],
    }),
  };
}

function createGitRepository(repository: string): void {
  mkdirSync(repository);
  for (let file = 0; file < 100; file += 1) writeFileSync(join(repository, `file-${file}`), `${file}\n`);
  const identity = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.invalid'];
  for (const args of [
    ['init', '--quiet'],
    ['add', '.'],
    [...identity, 'commit', '--quiet', '-m', 'all'],
  ]) {
    const result = spawnSync('git', args, { cwd: repository, env: { ...BENCH_ENV, HOME: repository } });
    if (result.status !== 0) throw new Error(`git ${args.join(' ')}: ${result.stderr}`);
  }
}
