import { execFileSync } from 'node:child_process';
import { COMMITS, readScenario, type Scenario } from './scenario.ts';

/** A change that was opened by a request. */
export interface Opened {
  readonly number: number;
  readonly branch: string;
  base: string;
  title: string;
  body: string;
  draft: boolean;
  state: string;
}

/** What the forge knows now: the scenario, as it has changed so far, and what was written since. */
export interface World {
  scenario: Scenario;
  readonly opened: Opened[];
  /** Calls so far by route, and `*` for all. */
  readonly calls: Map<string, number>;
}

export function newWorld(scenario: Scenario): World {
  return { scenario, opened: [], calls: new Map() };
}

/** Counts a call and lets the scenario change where it says so. Returns which call of the route it is. */
export function countCall(world: World, route: string): number {
  const all = (world.calls.get('*') ?? 0) + 1;
  const own = (world.calls.get(route) ?? 0) + 1;
  world.calls.set('*', all);
  world.calls.set(route, own);
  const due = world.scenario.changes.filter(
    (change) =>
      (change.route === '*' && change.call === all) || (change.route === route && change.call === own),
  );
  if (due.length > 0) {
    const copy: unknown = structuredClone(world.scenario);
    for (const { set, to } of due) assign(copy, set.split('.'), to);
    world.scenario = readScenario(copy);
  }
  return own;
}

/** The commit that a word of a scenario stands for; `@pushed` is the head of the change with this branch. */
export function commitOf(world: World, word: string | null, branch: string): string | null {
  if (word === '@pushed') return headOf(world, branch);
  if (word === '@head') return COMMITS.head;
  if (word === '@old') return COMMITS.old;
  if (word === '@base') return COMMITS.base;
  if (word === '@merge') return COMMITS.merge;
  return word;
}

/** What a branch holds: by the repository where one is given, else what the scenario says of its change. */
export function headOf(world: World, branch: string): string | null {
  const { repository, github, gitlab, verdict } = world.scenario;
  if (repository !== null) return readBranch(repository, branch);
  const change = verdict.forge === 'github' ? github.pull : gitlab.mergeRequest;
  return commitOf(world, change.sha === '@pushed' ? '@head' : change.sha, branch);
}

/** The branch that a run has delivered: of the change that was opened last, else the scenario's own. */
export function deliveredBranch(world: World): string {
  const { github, gitlab, verdict } = world.scenario;
  const own = verdict.forge === 'github' ? github.pull : gitlab.mergeRequest;
  return world.opened.at(-1)?.branch ?? own.branch;
}

function readBranch(repository: string, branch: string): string | null {
  try {
    const args = ['--git-dir', repository, 'rev-parse', '--verify', '--quiet', `refs/heads/${branch}`];
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return null;
  }
}

function assign(target: unknown, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined || typeof target !== 'object' || target === null) {
    throw new Error(`there is no ${path.join('.')} in the scenario`);
  }
  if (rest.length === 0) Reflect.set(target, key, value);
  else assign(Reflect.get(target, key), rest, value);
}
