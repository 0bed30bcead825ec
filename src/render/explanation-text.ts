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
  /** Entries in the documents, relative to `docs/`. */
  readonly docs: readonly string[];
}

const WORDS = {
  authenticated: 'authenticated',
  unauthenticated: 'unauthenticated',
  'not-checked': 'authenticity not checked: no state key was given',
} as const;

const MAX_LINES = 10;
/** Reasons that are told beside the end of a log. */
const WITH_LOG = 2;

/** Longest lines, in UTF-16 units; the report has everything whole. A command to type is never cut. */
const LONGEST = { verdict: 320, why: 320, log: 200, when: 320 } as const;

/** At most ten lines: the verdict, the reasons or the end of a log, the next command, its condition, where to read on. */
export function explanationText(view: ExplanationView, color: boolean): string {
  const palette = createPalette(color);
  const { log, next, authenticity } = view;
  const end = [
    ...(next.command === null ? [] : [`next: ${palette.bold(next.command)}`]),
    `      ${oneLine(next.when, LONGEST.when)}`,
    ...docsLine(view.docs),
  ];
  const room = MAX_LINES - 1 - end.length;
  const why = view.why.slice(0, log === null ? room : WITH_LOG);
  const lines = [
    `${palette.bold(oneLine(view.verdict, LONGEST.verdict))}${authenticity === null ? '' : ` (${WORDS[authenticity]})`}`,
    ...why.map((one) => `  ${oneLine(one, LONGEST.why)}`),
    ...(log === null
      ? []
      : log.lines.slice(why.length - room).flatMap((line) => agentLines(log.stage, line, LONGEST.log))),
    ...end,
  ];
  return `${lines.join('\n')}\n`;
}

/** Whoever has the executable alone reads the entry by its name. */
function docsLine(docs: readonly string[]): readonly string[] {
  if (docs.length === 0) return [];
  const topic = docs[0]?.split('#')[1];
  const here = topic === undefined ? '' : `; orchestrator help ${topic}`;
  return [`docs: ${docs.map((one) => `docs/${one}`).join(', ')}${here}`];
}
