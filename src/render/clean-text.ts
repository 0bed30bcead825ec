import type { RunSummary } from '../core/run-summary.ts';
import { formatBytes } from './duration.ts';
import { oneLine } from './harmless.ts';
import { createPalette } from './palette.ts';

/** What became of a run, or would. */
export type CleanedRun =
  | {
      readonly run: RunSummary;
      readonly outcome: 'removed' | 'removable';
      readonly files: number;
      readonly bytes: number;
    }
  | { readonly run: RunSummary; readonly outcome: 'stays' | 'failed'; readonly why: string };

export interface CleanView {
  readonly execute: boolean;
  readonly color: boolean;
  /** An out_dir as a command to type names it. */
  readonly place: (outDir: string) => string;
}

/** Places that are named for each reason to stay; the rest is a number. */
const MAX_PLACES = 5;

/** What was removed, one run on a line; then what stays, by reason; then the sum. Ends with a newline. */
export function cleanText(cleaned: readonly CleanedRun[], view: CleanView): string {
  const palette = createPalette(view.color);
  const gone = cleaned.flatMap((one) => ('bytes' in one ? [one] : []));
  const failed = cleaned.flatMap((one) => (one.outcome === 'failed' ? [one] : []));
  const verb = view.execute ? 'removed' : 'would remove';
  const shown = (run: RunSummary) => oneLine(view.place(run.out_dir), 4096);
  return `${[
    ...gone.map(({ run, bytes }) => `${verb} ${shown(run)}  ${run.state}, ${formatBytes(bytes)}`),
    ...failed.map(({ run, why }) => palette.bad(`not removed ${shown(run)}: ${oneLine(why, 2000)}`)),
    ...staying(cleaned, shown),
    `${verb} ${runsOf(gone.length)}, ${formatBytes(sum(gone))}${view.execute ? '' : '; nothing was removed: --execute does it'}`,
  ].join('\n')}\n`;
}

function staying(cleaned: readonly CleanedRun[], shown: (run: RunSummary) => string): readonly string[] {
  const byReason = new Map<string, RunSummary[]>();
  for (const one of cleaned) {
    if (one.outcome !== 'stays') continue;
    byReason.set(one.why, [...(byReason.get(one.why) ?? []), one.run]);
  }
  return [...byReason].flatMap(([why, runs]) => {
    const more = runs.length - MAX_PLACES;
    return [
      `left alone, ${oneLine(why, 2000)}: ${runsOf(runs.length)}`,
      ...runs.slice(0, MAX_PLACES).map((run) => `  ${shown(run)}`),
      ...(more > 0 ? [`  and ${more} more`] : []),
    ];
  });
}

function sum(gone: readonly { readonly bytes: number }[]): number {
  return gone.reduce((all, one) => all + one.bytes, 0);
}

function runsOf(count: number): string {
  return count === 1 ? '1 run' : `${count} runs`;
}
