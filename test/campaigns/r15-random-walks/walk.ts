import { existsSync, rmSync, writeFileSync } from 'node:fs';
import type { Finished } from '../../e2e/live-process.ts';
import { createRig, type Rig } from '../../e2e/rig.ts';
import { chanceOf } from '../chance.ts';
import { planFile } from './behaviours.ts';
import { compare } from './compare.ts';
import { type Configuration, drawConfiguration, flagsOf, stepsOf } from './configuration.ts';
import { argvOf, drawInvocation, type Invocation } from './invocation.ts';
import { predict } from './model.ts';
import { newWorld, type World } from './world.ts';

/** What a walk came to. */
export interface Walked {
  readonly invocations: number;
  /** How often each exit code was seen; `killed` beside them. */
  readonly codes: readonly string[];
  /** What was not as predicted, with the invocation. */
  readonly wrong: readonly string[];
}

/** Invocations of a walk, at most. */
const MOST_INVOCATIONS = 6;

/** Everything that stays the same during a walk. */
interface Path {
  readonly rig: Rig;
  readonly chance: () => number;
  readonly configuration: Configuration;
  readonly fresh: readonly string[];
}

/** Performs one walk, drawn from its seed; ends at the first invocation that is not as predicted. */
export async function walk(seed: number): Promise<Walked> {
  const { rig, dispose } = createRig();
  try {
    const chance = chanceOf(seed);
    // The first numbers of neighbouring seeds are neighbours, too.
    for (let skipped = 0; skipped < 5; skipped += 1) chance();
    const configuration = drawConfiguration(chance, seed);
    if (configuration.isGit) rig.gitRepo({ 'tree.txt': 'first\n' });
    const path = { rig, chance, configuration, fresh: flagsOf(rig, configuration) };
    return await goAlong(path, 2 + Math.floor(chance() * (MOST_INVOCATIONS - 1)));
  } finally {
    dispose();
  }
}

async function goAlong(path: Path, length: number): Promise<Walked> {
  const { rig, chance, configuration, fresh } = path;
  let world = newWorld(configuration.isGit);
  const codes: string[] = [];
  for (let count = 1; count <= length; count += 1) {
    const invocation = drawInvocation(chance, configuration, count === 1);
    world = changeBefore(rig, world, invocation);
    const before = rig.ledger().length;
    const argv = argvOf(configuration, invocation, { fresh, argument: count });
    const predicted = predict({ ...configuration }, world, invocation);
    const ended = await perform(path, invocation, argv);
    codes.push(ended.code === null ? 'killed' : String(ended.code));
    const wrong = await compare(rig, predicted, { ended, starts: rig.ledger().slice(before) });
    if (wrong.length > 0) {
      const shown = `invocation ${count} of ${length} (${argv.filter((one) => !one.includes('/')).join(' ')})`;
      return { invocations: count, codes, wrong: wrong.map((one) => `${shown}: ${one}`) };
    }
    world = predicted.world;
  }
  return { invocations: length, codes, wrong: [] };
}

function changeBefore(rig: Rig, world: World, { treeChangedBefore }: Invocation): World {
  if (!treeChangedBefore) return world;
  rig.write('tree.txt', `${rig.exists('tree.txt') ? rig.read('tree.txt') : ''}outside\n`);
  return world.tree === null ? world : { ...world, tree: world.tree + 1 };
}

/** Starts it; when an agent hangs, sends the signal that the invocation has for that. */
async function perform(
  { rig, configuration }: Path,
  invocation: Invocation,
  argv: readonly string[],
): Promise<Finished> {
  const plans = stepsOf(configuration).map((step) => planFile(rig, step));
  for (const step of stepsOf(configuration)) {
    writeFileSync(planFile(rig, step), `${invocation.plans[step]?.join('\n')}\n`);
    writeFileSync(`${planFile(rig, step)}.count`, '0\n');
    rmSync(`${planFile(rig, step)}.hangs`, { force: true });
  }
  const live = rig.start(argv);
  let isOver = false;
  const over = live.finished.then((ended) => {
    isOver = true;
    return ended;
  });
  while (!isOver && !plans.some((plan) => existsSync(`${plan}.hangs`))) {
    await new Promise((done) => setTimeout(done, 5));
  }
  if (!isOver) live.signal(invocation.signal);
  return over;
}
