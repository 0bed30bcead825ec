/**
 * What a campaign is: a promise of the product, tried from outside at many points on the built executable. Each
 * has a folder of its own with a README (promise, method, figure to hold, how to reproduce one point), a
 * `campaign.ts`, and a `slice.test.ts` that makes its smallest tier part of `make test`.
 */

/** How much is tried: `slice` in `make test` (seconds), `fast` on each change (minutes), `full` on a release. */
export type Tier = 'slice' | 'fast' | 'full';

export interface CampaignSettings {
  readonly tier: Tier;
  /** Where chance is used, the same seed gives the same points. */
  readonly seed: number;
  /** Try this point alone, as a violation has named it; null for all of the tier. */
  readonly point: string | null;
  /** How many points may be tried at the same time. */
  readonly width: number;
  /** A line for whoever waits. */
  readonly say: (line: string) => void;
}

/** Something that must not be, at one point. */
export interface Violation {
  readonly point: string;
  readonly what: string;
}

/** A number that was measured, and what it is held to. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  /** `ms`, `MB`, or empty for a count. */
  readonly unit: string;
  /** The value may not be above this. */
  readonly most?: number;
  /** The value may not be below this. */
  readonly least?: number;
}

/** What was not tried because something is missing here; it is told, and never counts as passed. */
export interface Skipped {
  readonly what: string;
  readonly why: string;
}

export interface CampaignResult {
  /** How many points were tried. */
  readonly points: number;
  readonly figures: readonly Figure[];
  readonly violations: readonly Violation[];
  readonly skipped: readonly Skipped[];
}

export interface Campaign {
  /** `R1`. */
  readonly id: string;
  /** The folder's name below `test/campaigns/`. */
  readonly folder: string;
  /** What is promised, in one line. */
  readonly promise: string;
  readonly run: (settings: CampaignSettings) => Promise<CampaignResult>;
}

/** Whether a figure keeps its bound; one that is no number keeps none. */
export function isHeld({ value, most, least }: Figure): boolean {
  if (!Number.isFinite(value)) return false;
  return (most === undefined || value <= most) && (least === undefined || value >= least);
}

/** Everything that turns a campaign red, in words: violations, figures out of bounds, and having tried nothing. */
export function complaints(result: CampaignResult): readonly string[] {
  const figures = result.figures
    .filter((figure) => !isHeld(figure))
    .map((figure) => `${figure.name} is ${figure.value}${figure.unit}, to hold: ${boundOf(figure)}`);
  const nothing = result.points === 0 && result.skipped.length === 0 ? ['nothing was tried'] : [];
  return [...result.violations.map(({ point, what }) => `${point}: ${what}`), ...figures, ...nothing];
}

/** The bound of a figure in words; empty where it has none. */
export function boundOf({ most, least, unit }: Figure): string {
  const bounds = [
    most === undefined ? [] : [`≤ ${most}${unit}`],
    least === undefined ? [] : [`≥ ${least}${unit}`],
  ];
  return bounds.flat().join(', ');
}

/** Adds up results of several parts of one campaign. */
export function sumOf(parts: readonly CampaignResult[]): CampaignResult {
  return {
    points: parts.reduce((sum, part) => sum + part.points, 0),
    figures: parts.flatMap((part) => part.figures),
    violations: parts.flatMap((part) => part.violations),
    skipped: parts.flatMap((part) => part.skipped),
  };
}
