import { agentLines, oneLine } from './harmless.ts';
import type { NextCommand } from './next-command.ts';
import { createPalette } from './palette.ts';

/** The parts of an explanation; every text in it may come from somebody else. */
export interface ExplanationView {
  readonly verdict: string;
  /** null where there is no evidence to tell it of. */
  readonly authenticity: 'authenticated' | 'unauthenticated' | 'not-checked' | null;
  readonly why: readonly string[];
  readonly log: { readonly stage: string; readonly stream: string; readonly lines: readonly string[] } | null;
  readonly next: NextCommand;
}

const WORDS = {
  authenticated: 'authenticated',
  unauthenticated: 'unauthenticated',
  'not-checked': 'authenticity not checked: no state key was given',
} as const;

/** At most ten lines: the verdict, seven reasons or two and five lines of a log, the next command and its condition. */
export function explanationText(view: ExplanationView, color: boolean): string {
  const palette = createPalette(color);
  const { log, next, authenticity } = view;
  const lines = [
    `${palette.bold(oneLine(view.verdict, 2000))}${authenticity === null ? '' : ` (${WORDS[authenticity]})`}`,
    ...view.why.slice(0, log === null ? 7 : 2).map((one) => `  ${oneLine(one, 2000)}`),
    ...(log === null ? [] : log.lines.slice(-5).flatMap((line) => agentLines(log.stage, line, 500))),
    ...(next.command === null ? [] : [`next: ${palette.bold(next.command)}`]),
    `      ${oneLine(next.when, 1000)}`,
  ];
  return `${lines.join('\n')}\n`;
}
