import type { Figure, Tier } from './campaign.ts';

/** The middle of the values, the upper one of two; not a number where there are none. */
export function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/**
 * Times as figures: the median, which is held to `mostMs`, and the longest, which a loaded machine decides and
 * which is only told. Nothing where nothing was measured.
 */
export function timesOf(name: string, valuesMs: readonly number[], mostMs?: number): readonly Figure[] {
  if (valuesMs.length === 0) return [];
  const median = {
    name: `${name}, median of ${valuesMs.length}`,
    value: Math.round(medianOf(valuesMs)),
    unit: 'ms',
  };
  return [
    mostMs === undefined ? median : { ...median, most: mostMs },
    { name: `${name}, longest`, value: Math.round(Math.max(...valuesMs)), unit: 'ms' },
  ];
}

/** A promised time; none in `make test`, which shares its cores with whatever else runs. */
export function promised(tier: Tier, ms: number): number | undefined {
  return tier === 'slice' ? undefined : ms;
}

/** How often something was seen that may never be. */
export function never(name: string, count: number): Figure {
  return { name, value: count, unit: '', most: 0 };
}
