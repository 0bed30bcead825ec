import { createRig, inParallel, type Rig } from '../e2e/rig.ts';
import type { CampaignSettings, Violation } from './campaign.ts';

/** One thing that is tried, in a rig of its own. */
export interface NamedPoint {
  /** What `POINT` repeats; unique in its campaign. */
  readonly name: string;
  /** Performs it; the answer is everything that is not as promised, in words. */
  readonly attempt: (rig: Rig) => Promise<readonly string[]>;
}

export interface Tried {
  readonly points: number;
  readonly violations: readonly Violation[];
}

/**
 * Tries each point, or the one that the settings name. What a point throws is a violation like any other. Throws
 * where the settings name a point that is not there.
 */
export async function tryPoints(points: readonly NamedPoint[], settings: CampaignSettings): Promise<Tried> {
  const wanted = settings.point === null ? points : points.filter(({ name }) => name === settings.point);
  if (wanted.length === 0) throw new Error(`no point ${settings.point} among ${points.length}`);
  const found = await inParallel(wanted, tryPoint, settings.width);
  return { points: wanted.length, violations: found.flat() };
}

async function tryPoint({ name, attempt }: NamedPoint): Promise<readonly Violation[]> {
  const { rig, dispose } = createRig();
  try {
    return (await attempt(rig)).map((what) => ({ point: name, what }));
  } catch (error) {
    return [{ point: name, what: `threw ${error instanceof Error ? error.message : String(error)}` }];
  } finally {
    dispose();
  }
}

/** Every `step`-th of them, the first and the last always: a smaller tier of a long list. */
export function everyNth<Item>(items: readonly Item[], step: number): readonly Item[] {
  return items.filter((_, index) => index % step === 0 || index === items.length - 1);
}
