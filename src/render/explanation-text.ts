import { agentLines, oneLine } from './harmless.ts';
import type { NextCommand } from './next-command.ts';
import { createPalette } from './palette.ts';

/** The parts of an explanation; every text in it may come from somebody else. */
export interface ExplanationView {
  readonly verdict: string;
  readonly why: readonly string[];
  readonly log: { readonly stage: string; readonly stream: string; readonly lines: readonly string[] } | null;
  readonly next: NextCommand;
}

/** At most ten lines: the verdict, two reasons, five lines of the log, the next command and its condition. */
export function explanationText(view: ExplanationView, color: boolean): string {
  const palette = createPalette(color);
  const { log, next } = view;
  const lines = [
    palette.bold(oneLine(view.verdict, 2000)),
    ...view.why.slice(0, 2).map((one) => `  ${oneLine(one, 2000)}`),
    ...(log === null ? [] : log.lines.slice(-5).flatMap((line) => agentLines(log.stage, line, 500))),
    ...(next.command === null ? [] : [`next: ${palette.bold(next.command)}`]),
    `      ${oneLine(next.when, 1000)}`,
  ];
  return `${lines.join('\n')}\n`;
}
