import { createRig, inParallel } from '../../e2e/rig.ts';
import type { CampaignResult, CampaignSettings, Violation } from '../campaign.ts';
import { chanceOf } from '../chance.ts';
import { type Fault, formatPoint, type Operation, type Point } from './fault.ts';
import { isGuard } from './operations.ts';
import { type Scenario, scenarioOf } from './scenario.ts';
import { createStand, type Stand } from './stand.ts';
import { recordUndisturbed, type Undisturbed } from './try-point.ts';

/** `count` of the items, spread evenly, beginning where chance says; all where there are no more. */
export function spread<Item>(items: readonly Item[], count: number, seed: number): readonly Item[] {
  if (items.length <= count) return items;
  const step = items.length / count;
  const first = chanceOf(seed)() * step;
  return Array.from({ length: count }, (_, index) => items[Math.floor(first + index * step)]).filter(
    (item): item is Item => item !== undefined,
  );
}

/** The operations of a scenario at which its points lie; by one undisturbed run. */
export function placesOf(scenario: Scenario, shim: string): Promise<readonly Operation[]> {
  return withGround({ scenario, shim }, async ({ undisturbed }) =>
    placesAmong(scenario, undisturbed.operations),
  );
}

/** Those of the operations at which points of this scenario lie. */
export function placesAmong(scenario: Scenario, operations: readonly Operation[]): readonly Operation[] {
  return operations.filter((one) => isGuard(one) === scenario.guards);
}

/** SIGKILL just before and just after an operation. */
export function killsAt(place: Operation): readonly Fault[] {
  return [
    { ...place, deed: 'kill-before' },
    { ...place, deed: 'kill-after' },
  ];
}

/** A stand with the run that nothing disturbs. */
export interface Ground {
  readonly stand: Stand;
  readonly undisturbed: Undisturbed;
}

/** Does `job` on a stand for the scenario in a repository of its own, and removes everything after it. */
export async function withGround<Out>(
  options: { readonly scenario: Scenario; readonly shim: string },
  job: (ground: Ground) => Promise<Out>,
): Promise<Out> {
  const { rig, dispose } = createRig();
  try {
    rig.gitRepo();
    const stand = createStand(rig, options.scenario, options.shim);
    return await job({ stand, undisturbed: await recordUndisturbed(stand) });
  } finally {
    dispose();
  }
}

export interface Tried {
  readonly points: number;
  /** Points whose fault did not come to pass, so that nothing was tried. */
  readonly missed: readonly string[];
  readonly violations: readonly Violation[];
}

/** Opens a ground for the scenario of this name, does the job there, and removes it. */
export type OpenGround<G> = (scenario: string, job: (ground: G) => Promise<void>) => Promise<void>;

/** Tries the points of each scenario, `settings.width` at a time, each worker on a ground of its own. */
export async function tryPoints<G>(
  settings: CampaignSettings,
  options: { readonly open: OpenGround<G>; readonly points: readonly Point[] },
  attempt: (ground: G, point: Point) => Promise<readonly string[] | null>,
): Promise<Tried> {
  const { open, points } = options;
  const missed: string[] = [];
  const violations: Violation[] = [];
  const tryAll = async (ground: G, queue: Point[]): Promise<void> => {
    for (let point = queue.shift(); point !== undefined; point = queue.shift()) {
      const shown = formatPoint(point);
      const problems = await attempt(ground, point).catch(thrown);
      if (problems === null) missed.push(shown);
      else violations.push(...problems.map((what) => ({ point: shown, what })));
    }
  };
  for (const name of new Set(points.map(({ scenario }) => scenario))) {
    const queue = points.filter(({ scenario }) => scenario === name);
    settings.say(`${name}: ${queue.length} points`);
    const workers = Array.from({ length: Math.min(settings.width, queue.length) }, () => queue);
    await inParallel(workers, (shared) => open(name, (ground) => tryAll(ground, shared)), settings.width);
  }
  return { points: points.length - missed.length, missed, violations };
}

/** What the harness itself cannot cope with at a point is told of that point. */
export function thrown(error: unknown): readonly string[] {
  return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
}

/** Grounds in repositories on the machine's own disk. */
export function onThisDisk(shim: string): OpenGround<Ground> {
  return (name, job) => withGround({ scenario: scenarioOf(name), shim }, job);
}

/** The result of a campaign of such points: a point that was not reached has shown nothing. */
export function resultOf({ points, missed, violations }: Tried): CampaignResult {
  return {
    points,
    figures: [{ name: 'points not reached', value: missed.length, unit: '', most: 0 }],
    violations: [
      ...violations,
      ...missed.map((point) => ({ point, what: 'the fault did not come to pass' })),
    ],
    skipped: [],
  };
}

/** The result where nothing can be tried here. */
export function skipped(what: string, why: string): CampaignResult {
  return { points: 0, figures: [], violations: [], skipped: [{ what, why }] };
}
