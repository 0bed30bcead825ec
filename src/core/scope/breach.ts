import { blocking, type GateDetail } from '../gates/gate-document.ts';
import { BREACH_CODES, type BreachCode } from './breach-codes.ts';

/** One rule that a change breaks. */
export interface Breach {
  readonly code: BreachCode;
  /** For people; null where a budget of the whole change is exceeded. */
  readonly path: string | null;
  /** The rule by name: the glob, or the budget with its limit. */
  readonly rule: string;
  readonly message: string;
  readonly remedy: string;
}

/** How many breaches of one code are told in full. */
const TOLD = 20;
/** Characters that a path takes in a detail. */
const PATH_LENGTH = 300;

/**
 * Breaches as a gate document has them: the first 20 of each code in full, the rest as a number. All of them block.
 */
export function breachDetails(breaches: readonly Breach[]): readonly GateDetail[] {
  return BREACH_CODES.flatMap((code) => {
    const found = breaches.filter((breach) => breach.code === code);
    const told = found.slice(0, TOLD).map(detailOf);
    if (found.length <= TOLD) return told;
    const total = `${found.length} in all, of which the first ${TOLD} are told`;
    return [...told, blocking(code, null, total, found[0]?.remedy ?? null)];
  });
}

function detailOf({ code, path, rule, message, remedy }: Breach): GateDetail {
  return blocking(code, path === null ? null : shorten(path), `${shorten(message)} (rule: ${rule})`, remedy);
}

/** Bounded; of a long path both ends say something. */
export function shorten(text: string): string {
  if (text.length <= PATH_LENGTH) return text;
  const half = PATH_LENGTH / 2 - 2;
  return `${text.slice(0, half)}…${text.slice(-half)}`.toWellFormed();
}
