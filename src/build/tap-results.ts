/** What became of the assertions of a whole run of tap. */
export interface TapTotals {
  readonly passed: number;
  readonly failed: number;
  /** Skipped ones, and those that are marked as still to be written. */
  readonly skipped: number;
}

/** Reads tap's own closing totals (`# { total: 9, pass: 5, skip: 4 }`); null when the output ends before them. */
export function readTotals(lines: readonly string[]): TapTotals | null {
  const closing = lines.findLast((line) => /^# \{ total: .* \}$/.test(line));
  if (closing === undefined) return null;
  const count = (name: string) => Number(closing.match(new RegExp(`\\b${name}: (\\d+)`))?.[1] ?? 0);
  return { passed: count('pass'), failed: count('fail'), skipped: count('skip') + count('todo') };
}

/** One line for each skipped test: its file, its name, and the reason where one was given. */
export function listSkipped(lines: readonly string[]): readonly string[] {
  const skipped: string[] = [];
  let file = '';
  for (const line of lines) {
    file = line.match(/^# Subtest: (.*)$/)?.[1] ?? file;
    const point = line.match(/^(\s*)ok \d+ - (.*?) # (?:SKIP|TODO) ?(.*)$/);
    if (point === null) continue;
    const [, indent = '', name = '', reason = ''] = point;
    skipped.push(`${indent === '' ? name : `${file}: ${name}`}${reason === '' ? '' : ` – ${reason}`}`);
  }
  return skipped;
}

/**
 * The verdict over a run: tap's totals, held against its exit code. A run that tap calls failed has at least
 * one failure, whatever was counted; a run in which nothing passed is a failure too.
 */
export function judge(totals: TapTotals | null, exitCode: number | null): TapTotals {
  const counted = totals ?? { passed: 0, failed: 0, skipped: 0 };
  const good = exitCode === 0 && counted.passed > 0;
  return good ? counted : { ...counted, failed: Math.max(counted.failed, 1) };
}

/** The closing line, `12 passed, 0 failed, 3 skipped`. */
export function formatTotals({ passed, failed, skipped }: TapTotals): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
