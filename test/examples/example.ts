import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import t, { type Test } from 'tap';
import type { Report } from '../e2e/records.ts';

/** The repository. */
export const ROOT = resolve(import.meta.dirname, '../..');
/** What the examples are held against. */
export const EXECUTABLE = join(ROOT, 'bin/orchestrator');
/** The executable, and the pinned Node before any other: the agents of the demo are JavaScript. */
const PATH = `${dirname(EXECUTABLE)}:${join(ROOT, 'node_modules/.bin')}:/usr/local/bin:/usr/bin:/bin`;
const LIMIT_MS = 90_000;

/** What `expected.json` says of one run. */
export interface Outcome {
  readonly exit_code: number;
  readonly terminal_state: string | null;
  readonly transitions: readonly string[];
  readonly stage_executions: readonly string[];
  readonly gate_decisions: readonly string[];
  readonly blocked_reason_codes: readonly string[];
  readonly artifacts: readonly string[];
}

/** The outcomes that an example promises, in the order of its runs. */
export function expectedOf(example: string): readonly Outcome[] {
  // The boundary: `strictSame` with what really came out is the check of its shape.
  const document: { readonly runs: readonly Outcome[] } = JSON.parse(
    readFileSync(join(ROOT, 'examples', example, 'expected.json'), 'utf8'),
  );
  return document.runs;
}

/** The same facts of a run as its report on disk has them. */
export function outcomeOf(exitCode: number | null, outDir: string): Outcome {
  const report: Report = JSON.parse(readFileSync(join(outDir, 'orchestrator_run_report.json'), 'utf8'));
  return {
    exit_code: exitCode ?? -1,
    terminal_state: report.terminal_state,
    transitions: report.transitions.map((one) => `${one.from_stage} > ${one.to_stage}`),
    stage_executions: report.stage_executions.map(
      (one) => `${one.stage} ${one.step} ${one.attempt} ${one.status}`,
    ),
    gate_decisions: report.gate_decisions.map(
      (one) => `${one.gate} ${one.status} ${one.passed ? 'passed' : 'not passed'}`,
    ),
    blocked_reason_codes: report.blocked_reason_codes,
    artifacts: report.artifacts.map((one) => one.path),
  };
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program as somebody does who has the executable on PATH and nothing else in the environment. */
export function runAs(base: string, cwd: string, argv: readonly string[]): Ended {
  const home = join(base, 'home');
  mkdirSync(home, { recursive: true });
  // Through "env": tap adds variables of its own to whatever Node starts.
  const args = ['-i', `PATH=${PATH}`, `HOME=${home}`, `TMPDIR=${base}`, ...argv];
  const ended = spawnSync('env', args, { cwd, encoding: 'utf8', timeout: LIMIT_MS });
  return { code: ended.status, stdout: ended.stdout, stderr: ended.stderr };
}

/** Git on a repository that an example has made. */
export function git(cwd: string, ...args: string[]): string {
  const env = { PATH, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  return execFileSync('git', args, { cwd, env, encoding: 'utf8' });
}

/** The shell commands of a README, block by block. */
export function shellBlocks(example: string): readonly string[] {
  const text = readFileSync(join(ROOT, 'examples', example, 'README.md'), 'utf8');
  return [...text.matchAll(/^```bash\n(.*?)^```$/gms)].map(([, block = '']) => block);
}

/** A temporary folder outside every repository, its real path. */
export function temporaryFolder(t: Test): string {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'orchestrator-example-')));
  t.teardown(() => rmSync(base, { recursive: true, force: true }));
  return base;
}

/** A test of the executable; skipped, and counted so, where it is not built. `base` is a temporary folder. */
export function withExecutable(name: string, body: (t: Test, base: string) => void): void {
  const skip = existsSync(EXECUTABLE) ? false : `${EXECUTABLE} is not built: run "make build"`;
  void t.test(name, { skip }, async (t) => body(t, temporaryFolder(t)));
}
