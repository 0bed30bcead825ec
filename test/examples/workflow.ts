/** A workflow of GitHub Actions as a file has it, and its run on this machine: each job in a new folder and a new home. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { git } from './example.ts';
import { type Contexts, fillIn, holds, type Surroundings } from './expressions.ts';

export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string | boolean | number>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Job {
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly steps: readonly Step[];
}

export interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** Reads a workflow; its shape is held by the linters of the same test. */
export function readWorkflow(file: string): Workflow {
  return parse(readFileSync(file, 'utf8'));
}

/** How a job ended. `said` is what its steps printed. */
export interface Ended {
  readonly result: 'success' | 'failure' | 'skipped';
  readonly outputs: Readonly<Record<string, string>>;
  readonly said: string;
  /** What its steps have written to the step summary. */
  readonly summary: string;
}

/** What a run of the workflow finds. */
export interface World {
  /** A temporary folder; artifacts are in `artifacts/NAME` of it. */
  readonly base: string;
  /** What `actions/checkout` clones. */
  readonly origin: string;
  /** Programs that stand in for those of a runner come first on this PATH. */
  readonly path: string;
  /** Replaces variables of the workflow itself. */
  readonly env: Readonly<Record<string, string>>;
  /** `github`, `inputs`, `secrets`. */
  readonly contexts: Contexts;
  /** The variables that a runner sets by itself, of this run. */
  readonly variables: Readonly<Record<string, string>>;
  /** Called before each job that is begun; false refuses its environment. */
  readonly begin?: (job: string) => boolean;
}

interface Room {
  readonly workspace: string;
  readonly temp: string;
  readonly env: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<'output' | 'path' | 'summary', string>>;
}

let rooms = 0;

/** Runs all jobs in the order of the file, each that its `if` lets. */
export function runWorkflow(workflow: Workflow, world: World): Readonly<Record<string, Ended>> {
  const ended: Record<string, Ended> = {};
  for (const [id, job] of Object.entries(workflow.jobs)) {
    const needs = Object.fromEntries([job.needs ?? []].flat().map((name) => [name, ended[name]]));
    const success = Object.values(needs).every((one) => one?.result === 'success');
    const contexts = { ...world.contexts, needs };
    const runs = holds(job.if, contexts, { success, hasFile: () => false });
    if (!runs) ended[id] = { result: 'skipped', outputs: {}, said: '', summary: '' };
    else if (world.begin?.(id) === false)
      ended[id] = { result: 'failure', outputs: {}, said: '', summary: '' };
    else ended[id] = runJob(job, { ...world, contexts, env: { ...workflow.env, ...world.env } });
  }
  return ended;
}

function makeRoom(world: World): Room {
  const folder = join(world.base, `runner-${++rooms}`);
  const at = (name: string) => join(folder, name);
  for (const name of ['workspace', 'temp', 'home']) mkdirSync(at(name), { recursive: true });
  const files = { output: at('output'), path: at('path'), summary: at('summary') };
  for (const file of Object.values(files)) writeFileSync(file, '');
  const own = { GITHUB_ACTIONS: 'true', CI: 'true', HOME: at('home'), RUNNER_TEMP: at('temp') };
  const said = { GITHUB_OUTPUT: files.output, GITHUB_PATH: files.path, GITHUB_STEP_SUMMARY: files.summary };
  const env = { ...world.env, ...world.variables, ...own, ...said };
  return { workspace: at('workspace'), temp: at('temp'), env, files };
}

function runJob(job: Job, world: World): Ended {
  const room = makeRoom(world);
  const steps: Record<string, { outcome: string; outputs: Record<string, string> }> = {};
  const contexts = { ...world.contexts, steps, runner: { temp: room.temp }, env: world.env };
  let success = true;
  let said = '';
  const around = (): Surroundings => ({
    success,
    hasFile: (pattern) => globSync(pattern, { cwd: room.workspace }).length > 0,
  });
  for (const step of job.steps) {
    if (!holds(step.if, contexts, around())) continue;
    const fill = (text: unknown) => fillIn(String(text), contexts, around());
    writeFileSync(room.files.output, '');
    const done = step.run === undefined ? act(step, room, world, fill) : shell(step, room, world, fill);
    said += done.said;
    success &&= done.passed;
    const outcome = done.passed ? 'success' : 'failure';
    if (step.id !== undefined) steps[step.id] = { outcome, outputs: readOutputs(room.files.output) };
  }
  const outputs = Object.entries(job.outputs ?? {}).map(([key, text]) => [
    key,
    fillIn(text, contexts, around()),
  ]);
  const summary = readFileSync(room.files.summary, 'utf8');
  return { result: success ? 'success' : 'failure', outputs: Object.fromEntries(outputs), said, summary };
}

function readOutputs(file: string): Record<string, string> {
  const lines = readFileSync(file, 'utf8').split('\n');
  return Object.fromEntries(
    lines.filter((line) => line !== '').map((line) => line.split(/=(.*)/s).slice(0, 2)),
  );
}

interface Done {
  readonly passed: boolean;
  readonly said: string;
}

/** As a runner starts `shell: bash`; through env(1), because tap adds variables of its own. */
function shell(step: Step, room: Room, world: World, fill: (text: unknown) => string): Done {
  const script = join(room.temp, 'step.sh');
  writeFileSync(script, step.run ?? '');
  const added = readFileSync(room.files.path, 'utf8').split('\n').filter(Boolean);
  const own = Object.entries(step.env ?? {}).map(([name, text]) => [name, fill(text)]);
  const env = { ...room.env, ...Object.fromEntries(own), PATH: [...added, world.path].join(':') };
  const words = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const argv = ['-i', ...words, 'bash', '--noprofile', '--norc', '-eo', 'pipefail', script];
  const ended = spawnSync('env', argv, { cwd: room.workspace, encoding: 'utf8', timeout: 90_000 });
  return { passed: ended.status === 0, said: ended.stdout + ended.stderr };
}

/** What the three actions do that the workflow uses. */
function act(step: Step, room: Room, world: World, fill: (text: unknown) => string): Done {
  const given = Object.fromEntries(Object.entries(step.with ?? {}).map(([key, text]) => [key, fill(text)]));
  const stored = join(world.base, 'artifacts', given.name ?? '');
  const [action] = (step.uses ?? '').split('@');
  if (action === 'actions/checkout') {
    git(room.workspace, 'clone', '--quiet', world.origin, '.');
    git(room.workspace, 'checkout', '--quiet', '--detach', given.ref ?? '');
  } else if (action === 'actions/upload-artifact') {
    const file = join(room.workspace, given.path ?? '');
    const source = existsSync(file) ? file : (given.path ?? '');
    mkdirSync(stored, { recursive: true });
    cpSync(source, join(stored, basename(source)));
  } else if (action === 'actions/download-artifact') {
    if (!existsSync(stored)) return { passed: false, said: `no artifact ${given.name}\n` };
    cpSync(stored, given.path ?? '', { recursive: true });
  } else {
    throw new Error(`${action} is not known here`);
  }
  return { passed: true, said: '' };
}
