/**
 * Drives the built executable from outside: real processes, files, git, signals. Nothing of `src/` is imported.
 *
 *     e2e('a missing review closes the run', async (t, rig) => { … });
 */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import t, { type Test } from 'tap';
import { findProcesses } from './find-processes.ts';
import { type Finished, type Live, startProcess } from './live-process.ts';
import type { Checkpoint, Report } from './records.ts';

/** What is tested; `E2E_EXECUTABLE` names another one. */
export const EXECUTABLE = resolve(
  process.env.E2E_EXECUTABLE ?? join(import.meta.dirname, '../../bin/orchestrator'),
);

/** Why a test is not run; it is counted. */
export interface Unless {
  readonly skip?: string | false;
}

/** Every gate asserted open. */
export const ALL_PASS: readonly string[] = [
  ...['--policy-status', 'allow', '--ci-status', 'success', '--review-status', 'approved'],
];

const NOT_BUILT = `${EXECUTABLE} is not built: run "make build"`;

/** The shortest environment that the executable gets: nothing of the caller's. */
export const PATH = '/usr/local/bin:/usr/bin:/bin';

const GIT_ENV = {
  PATH,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.org',
};

export interface RunOptions {
  /** Beside PATH and HOME, which are always there. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string;
  /** Milliseconds until the process group is killed and the test has failed; 60 s. */
  readonly limitMs?: number;
  /** Started instead of the executable itself: a prefix such as `setpriv …` or `bash -c`. */
  readonly through?: readonly string[];
}

export interface Rig {
  /** A temporary folder, outside every repository; all below is in it. */
  readonly base: string;
  /** The working directory of the runs. */
  readonly work: string;
  /** `./out` in it. */
  readonly out: string;
  /** Seconds for `sleep` that no other test uses: what is left of a tree is found by it. */
  readonly nap: string;
  /** Makes `work` a git repository with these files committed. */
  gitRepo(files?: Readonly<Record<string, string>>): void;
  git(...args: string[]): string;
  /** Writes a file; `path` is relative to `work`. Returns its absolute path. */
  write(path: string, content: string | Buffer, mode?: number): string;
  read(path: string): string;
  exists(path: string): boolean;
  /** A shell script outside `work` that notes its start and end in the ledger. */
  agent(name: string, body?: string): string;
  /** A JavaScript program, run by the Node that runs the tests. */
  nodeAgent(name: string, source: string): string;
  /** Starts the executable and waits for its end. */
  run(args: readonly string[], options?: RunOptions): Promise<Finished>;
  start(args: readonly string[], options?: RunOptions): Live;
  report(outDir?: string): Report;
  checkpoint(outDir?: string): Checkpoint;
  /** What the agents noted: `start <stage> <attempt> <name>` and `end …`. */
  ledger(): readonly string[];
  note(line: string): void;
  /** Processes that carry this rig's mark in environment or arguments, the test's own aside. */
  survivors(): readonly string[];
  /** Waits until nothing of the trees is left; the list of what is there after `limitMs`. */
  survivorsAfter(limitMs: number): Promise<readonly string[]>;
}

/** A test with a rig of its own; skipped, and counted so, where the executable is not built. */
export function e2e(name: string, body: (t: Test, rig: Rig) => Promise<void>, unless: Unless = {}): void {
  const skip = existsSync(EXECUTABLE) ? (unless.skip ?? false) : NOT_BUILT;
  void t.test(name, { skip }, async (t) => {
    const { rig, dispose } = createRig();
    t.teardown(dispose);
    await body(t, rig);
  });
}

/** Polls until `condition` holds; throws with `what` when it has not within `limitMs`. */
export async function until(what: string, condition: () => boolean, limitMs = 20_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited ${limitMs} ms in vain: ${what}`);
    await new Promise((done) => setTimeout(done, 3));
  }
}

/** Performs at most `width` of the jobs at a time. */
export async function inParallel<Item, Out>(
  items: readonly Item[],
  job: (item: Item, index: number) => Promise<Out>,
  width = 3,
): Promise<Out[]> {
  const results: Out[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) results[index] = await job(item, index);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}

let rigs = 0;

/** A rig outside a test; `dispose` is owed: it ends what is left of the rig's processes and removes its folder. */
export function createRig(): { readonly rig: Rig; readonly dispose: () => void } {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'orchestrator-e2e-')));
  const nap = `4${process.pid}${String(++rigs).padStart(3, '0')}`;
  const work = join(base, 'work');
  const out = join(work, 'out');
  const ledgerFile = join(base, 'ledger');
  mkdirSync(work);
  mkdirSync(join(base, 'home'));
  const live: Live[] = [];
  const marks = [base, nap];
  const start = (args: readonly string[], options: RunOptions = {}): Live => {
    const through = options.through ?? [];
    const env = Object.entries({ PATH, HOME: join(base, 'home'), ...options.env });
    // By env(1): tap adds variables of its own to whatever a test starts with `spawn`.
    const clean = ['/usr/bin/env', '-i', ...env.map(([name, value]) => `${name}=${value}`)];
    const process = startProcess({
      ...{
        argv: [...clean, ...through, EXECUTABLE, ...args],
        cwd: options.cwd ?? work,
        input: options.input ?? null,
      },
      limitMs: options.limitMs ?? 60_000,
    });
    live.push(process);
    return process;
  };
  const dispose = (): void => {
    for (const process of live) process.killGroup();
    for (const process of findProcesses(marks)) process.kill();
    rmSync(base, { recursive: true, force: true, maxRetries: 5 });
  };
  const script = (name: string, text: string): string => {
    const file = join(base, 'agents', name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, 0o755);
    return file;
  };
  const note = (word: string, name: string): string =>
    `printf '%s %s %s %s\\n' ${word} "$ORCHESTRATOR_STAGE" "\${ORCHESTRATOR_ATTEMPT_ID#*:*:}" ${name} >> '${ledgerFile}'\n`;
  const survivors = (): string[] => findProcesses(marks).map((process) => process.shown);
  const rig: Rig = {
    ...{ base, work, out, nap, start, survivors },
    gitRepo: (files = { 'a.txt': 'a\n' }) => {
      execFileSync('git', ['init', '-q', '-b', 'main'], { cwd: work, env: GIT_ENV });
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(work, path)), { recursive: true });
        writeFileSync(join(work, path), content);
      }
      execFileSync('git', ['add', '-A'], { cwd: work, env: GIT_ENV });
      execFileSync('git', ['commit', '-q', '--allow-empty', '-m', 'first'], { cwd: work, env: GIT_ENV });
    },
    git: (...args) => execFileSync('git', args, { cwd: work, env: GIT_ENV, encoding: 'utf8' }),
    write: (path, content, mode) => {
      const file = resolve(work, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      if (mode !== undefined) chmodSync(file, mode);
      return file;
    },
    read: (path) => readFileSync(resolve(work, path), 'utf8'),
    exists: (path) => existsSync(resolve(work, path)),
    agent: (name, body = '') =>
      script(name, `#!/bin/sh\n${note('start', name)}${body}\n${note('end', name)}`),
    nodeAgent: (name, source) => script(`${name}.cjs`, `#!${process.execPath}\n${source}\n`),
    run: async (args, options) => start(args, options).finished,
    report: (outDir = out) => parse<Report>(join(outDir, 'orchestrator_run_report.json')),
    checkpoint: (outDir = out) => parse<Checkpoint>(join(outDir, 'orchestrator_checkpoint.json')),
    ledger: () => (existsSync(ledgerFile) ? readFileSync(ledgerFile, 'utf8').split('\n').slice(0, -1) : []),
    note: (line) => appendFileSync(ledgerFile, `${line}\n`),
    survivorsAfter: async (limitMs) => {
      await until('no survivors', () => survivors().length === 0, limitMs).catch(() => undefined);
      return survivors();
    },
  };
  return { rig, dispose };
}

function parse<Shape>(file: string): Shape {
  // Boundary: a test states with `t.match` and `t.strictSame` what it expects of the shape.
  return JSON.parse(readFileSync(file, 'utf8'));
}
