import { ALL_PASS, type Rig, until } from '../../e2e/rig.ts';
import { seen } from '../seen.ts';
import type { End } from './ends.ts';
import type { Tree } from './trees.ts';

/** So long may a reaper take on a loaded machine before what is left counts as a survivor, ms. */
export const GONE_LIMIT_MS = 10_000;

/** Long enough for the tree of 200 on a loaded machine; only the points that wait for it take as long. */
const TIMEOUT_MS = 1_500;

/** What is counted over all points. */
export interface Tally {
  kills: number;
  survivors: number;
  /** From the end of the orchestrator until nothing was left, per kill. */
  readonly goneMs: number[];
}

/** Puts up a tree, lets its stage end, and says what was wrong. */
export async function tryEnd(rig: Rig, tree: Tree, end: End, tally: Tally): Promise<readonly string[]> {
  const body = `${tree.script}\n: > B/up\n${end.last}`
    .replaceAll(/\bN\b/g, rig.nap)
    .replaceAll(/\bB\b/g, rig.base);
  const live = rig.start([
    ...['./out', ...ALL_PASS, '--manager-bin', rig.agent('hostile', body), '--kill-grace-ms', '200'],
    ...(end.name === 'timeout' ? ['--manager-timeout-ms', String(TIMEOUT_MS)] : []),
  ]);
  if (end.signal !== null) {
    await until('the tree is up', () => rig.exists(`${rig.base}/up`));
    live.signal(end.signal);
  }
  await live.exited;
  const problems = end.code === null ? [] : leftAtOnce(rig, tally);
  problems.push(...(await leftAfter(rig, tally, end.signal === 'SIGKILL')));
  const run = await live.finished;
  if (end.code === null) return problems;
  if (run.code !== end.code) problems.push(`expected exit ${end.code}: ${seen(run)}`);
  const record = rig.report().stage_executions[0]?.process_tree;
  if ((record?.killed ?? 0) < tree.least) problems.push(`the record says ${record?.killed} were killed`);
  if (record?.survivors !== 0) problems.push(`the record says ${record?.survivors} survived`);
  return problems;
}

/** An orchestrator that ends by itself has ended everything before. */
function leftAtOnce(rig: Rig, tally: Tally): string[] {
  const left = rig.survivors().filter((one) => one.includes(rig.nap));
  tally.survivors += left.length;
  return left.length === 0 ? [] : [`${left.length} there when the run had ended: ${left[0]}`];
}

/** Waits until nothing is left. */
export async function leftAfter(rig: Rig, tally: Tally, wasKilled: boolean): Promise<string[]> {
  const began = performance.now();
  const left = await rig.survivorsAfter(GONE_LIMIT_MS);
  if (wasKilled) {
    tally.kills += 1;
    tally.goneMs.push(performance.now() - began);
  }
  tally.survivors += left.length;
  return left.length === 0 ? [] : [`${left.length} survivors after ${GONE_LIMIT_MS} ms: ${left[0]}`];
}
