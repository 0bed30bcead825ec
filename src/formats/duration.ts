import { fail, ok, type Result } from '../core/result.ts';

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** What a duration looks like, in the words of a message. */
export const DURATION_FORM = 'a duration such as 500ms, 90s, 30m, 24h or 7d';

/**
 * A duration in milliseconds: digits and one unit, nothing else. A bare number is refused, because whoever
 * types it has a unit in mind that we do not know. The failure is what was expected, in words.
 */
export function parseDuration(text: string): Result<number, string> {
  const parts = /^([0-9]{1,15})(ms|s|m|h|d)$/.exec(text);
  if (parts === null) {
    return fail(/^[0-9]+$/.test(text) ? `${DURATION_FORM} (the unit is missing)` : DURATION_FORM);
  }
  const [, digits = '', unit = ''] = parts;
  const milliseconds = Number(digits) * (isUnit(unit) ? UNITS[unit] : Number.NaN);
  return Number.isSafeInteger(milliseconds)
    ? ok(milliseconds)
    : fail(`${DURATION_FORM}, less than 100000 years`);
}

/** A number of milliseconds as `parseDuration` reads it back; a single day is written as hours. */
export function writeDuration(milliseconds: number): string {
  const units = milliseconds < 2 * UNITS.d ? (['h', 'm', 's'] as const) : (['d', 'h', 'm', 's'] as const);
  const unit = milliseconds === 0 ? 's' : units.find((one) => milliseconds % UNITS[one] === 0);
  return `${milliseconds / UNITS[unit ?? 'ms']}${unit ?? 'ms'}`;
}

function isUnit(unit: string): unit is keyof typeof UNITS {
  return Object.hasOwn(UNITS, unit);
}
