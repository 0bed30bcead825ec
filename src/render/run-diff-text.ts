import { COMPARED, type Difference } from '../core/compare-runs.ts';
import { oneLine } from './harmless.ts';
import { createPalette } from './palette.ts';

/** Two runs that were compared. */
export interface ComparedRuns {
  /** As a command to type names them. */
  readonly a: string;
  readonly b: string;
  readonly runIds: readonly [string, string];
  readonly differences: readonly Difference[];
  /** Settings whose secrets could not be compared. */
  readonly notCompared: readonly string[];
}

const MAX_VALUE = 2000;

/** The differences by section, one fact on a line: it reads the same at any width. Ends with a newline. */
export function runDiffText(compared: ComparedRuns, color: boolean): string {
  const palette = createPalette(color);
  const lines = [
    palette.bad(`- ${shown(compared.a)} (${shown(compared.runIds[0])})`),
    palette.good(`+ ${shown(compared.b)} (${shown(compared.runIds[1])})`),
  ];
  for (const section of COMPARED) {
    const here = compared.differences.filter((one) => one.section === section);
    if (here.length > 0) lines.push('', palette.bold(section));
    for (const { what, a, b } of here) {
      lines.push(`  ${shown(what)}`);
      if (a !== null) lines.push(palette.bad(`    - ${shown(a)}`));
      if (b !== null) lines.push(palette.good(`    + ${shown(b)}`));
    }
  }
  if (compared.differences.length === 0) lines.push('', 'no differences');
  if (compared.notCompared.length > 0) {
    lines.push('', `secrets are withheld and were not compared: ${shown(compared.notCompared.join(', '))}`);
  }
  return `${lines.join('\n')}\n`;
}

function shown(text: string): string {
  return oneLine(text, MAX_VALUE);
}
