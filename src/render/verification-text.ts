import { oneLine } from './harmless.ts';
import type { NextCommand } from './next-command.ts';
import { createPalette, type Palette } from './palette.ts';

/** The part of a verification that is printed. */
export interface VerificationView {
  readonly closure_ready: boolean;
  readonly run_id: string | null;
  readonly checks: readonly {
    readonly name: string;
    readonly verdict: 'ok' | 'failed' | 'not-checked';
    readonly detail: string;
    /** Whether closure-ready depends on it. */
    readonly required: boolean;
  }[];
  readonly reasons: readonly string[];
}

const WORDS = { ok: 'ok', failed: 'FAILED', 'not-checked': 'not checked' } as const;

/** What was checked, what was not, and the verdict with its reasons. */
export function verificationText(
  view: VerificationView,
  options: {
    readonly color: boolean;
    /** Null where nothing is left to do. */
    readonly next: NextCommand | null;
  },
): string {
  const palette = createPalette(options.color);
  const tone = { ok: palette.good, failed: palette.bad, 'not-checked': palette.warn } as const;
  const width = Math.max(...view.checks.map((one) => one.name.length));
  const run = view.run_id === null ? 'no run' : `run ${oneLine(view.run_id, 100)}`;
  const verdict = view.closure_ready ? palette.good('closure-ready') : palette.bad('not closure-ready');
  return `${[
    ...view.checks.map((one) => {
      const word = tone[one.verdict](WORDS[one.verdict].padEnd(11));
      return `  ${word}  ${one.name.padEnd(width)}  ${oneLine(one.detail, 4000)}`;
    }),
    inNumbers(view.checks),
    `${run}: ${verdict}`,
    ...view.reasons.map((reason) => `  because ${oneLine(reason, 4000)}`),
    ...nextLines(options.next, palette),
  ].join('\n')}\n`;
}

/** `9 checked, 1 failed; 3 not, 1 of them needed`. */
function inNumbers(checks: VerificationView['checks']): string {
  const failed = checks.filter((one) => one.verdict === 'failed').length;
  const open = checks.filter((one) => one.verdict === 'not-checked');
  const needed = open.filter((one) => one.required).length;
  return [
    `${checks.length - open.length} checked${failed > 0 ? `, ${failed} failed` : ''}`,
    ...(open.length > 0 ? [`${open.length} not${needed > 0 ? `, ${needed} of them needed` : ''}`] : []),
  ].join('; ');
}

function nextLines(next: NextCommand | null, palette: Palette): readonly string[] {
  if (next === null) return [];
  if (next.command === null) return [`next: ${oneLine(next.when)}`];
  return [`next: ${palette.bold(next.command)}`, `      ${oneLine(next.when)}`];
}
