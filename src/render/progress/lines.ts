import type { Palette } from '../palette.ts';
import type { ProgressLine } from './describe-observation.ts';

/** Lines with their ends. */
export function joined(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** A line in its colour. */
export function toned(line: ProgressLine, palette: Palette): string {
  if (line.tone === 'plain') return line.text;
  return line.tone === 'good' ? palette.good(line.text) : palette.bad(line.text);
}
