/** A pipeline of GitLab, as GitLab would expand it, and its jobs on this machine: each in a new folder and a new home. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { git, ROOT } from './example.ts';

const READER = join(ROOT, 'node_modules/gitlab-ci-local/dist/index.js');

export interface PipelineJob {
  readonly needs?: readonly { readonly job: string }[];
  readonly before_script?: readonly string[];
  readonly script: readonly string[];
  readonly after_script?: readonly string[];
  readonly artifacts?: { readonly when: string; readonly paths: readonly string[] };
  readonly when?: string;
  readonly allow_failure?: boolean;
  readonly environment?: string;
  readonly timeout?: string;
}

/** Reads the file of a repository by GitLab's schema. Where it does not fit, `problem` says why. */
export function checkPipeline(repository: string): string | null {
  const read = readPipeline(repository, '--list-json');
  return read.status === 0 ? null : read.stderr;
}

/** The jobs with all that they extend. */
export function expandPipeline(repository: string): Readonly<Record<string, PipelineJob>> {
  return parse(readPipeline(repository, '--preview').stdout);
}

function readPipeline(repository: string, option: string) {
  const env = [`PATH=${process.env.PATH ?? ''}`, `HOME=${repository}`];
  const argv = ['-i', ...env, process.execPath, READER, option];
  return spawnSync('env', argv, { cwd: repository, encoding: 'utf8', timeout: 60_000 });
}

/** Where jobs run. */
export interface Runner {
  readonly base: string;
  readonly origin: string;
  readonly head: string;
  readonly path: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** How a job ended, and where its files still are. */
export interface JobEnded {
  readonly passed: boolean;
  readonly said: string;
  readonly workspace: string;
}

let rooms = 0;

/** Runs one job on a new clone with the artifacts of the jobs that it needs. */
export function runPipelineJob(id: string, job: PipelineJob, runner: Runner): JobEnded {
  const room = join(runner.base, `room-${++rooms}`);
  const workspace = join(room, 'workspace');
  mkdirSync(join(room, 'home'), { recursive: true });
  git(runner.base, 'clone', '--quiet', runner.origin, workspace);
  git(workspace, 'checkout', '--quiet', '--detach', runner.head);
  const stored = (name: string) => join(runner.base, 'artifacts', name);
  for (const { job: needed } of job.needs ?? []) {
    if (existsSync(stored(needed))) cpSync(stored(needed), workspace, { recursive: true });
  }
  const shell = (lines: readonly string[]) => {
    const file = join(room, 'script.sh');
    writeFileSync(file, lines.join('\n'));
    const own = { CI: 'true', GITLAB_CI: 'true', HOME: join(room, 'home'), CI_BUILDS_DIR: room };
    const env = Object.entries({ PATH: runner.path, ...own, ...runner.variables });
    const words = env.map(([name, value]) => `${name}=${value}`);
    const argv = ['-i', ...words, 'bash', '-eo', 'pipefail', file];
    return spawnSync('env', argv, { cwd: workspace, encoding: 'utf8', timeout: 90_000 });
  };
  const ended = shell([...(job.before_script ?? []), ...job.script]);
  const after = shell(job.after_script ?? []);
  const passed = ended.status === 0;
  if (passed || job.artifacts?.when === 'always') keep(workspace, job.artifacts?.paths ?? [], stored(id));
  return { passed, said: [ended, after].map((one) => one.stdout + one.stderr).join(''), workspace };
}

function keep(workspace: string, paths: readonly string[], to: string): void {
  for (const path of paths.filter((one) => existsSync(join(workspace, one)))) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    cpSync(join(workspace, path), join(to, path));
  }
}
