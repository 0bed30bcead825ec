/**
 * How many lines a change adds and deletes. Our own count: git's obeys attributes, calls a file with one NUL binary and
 * counts nothing, and knows no line end but LF.
 */

/** No line is longer than this, in bytes: what is written on one line for ever counts by its length. */
const LINE_BYTES = 400;
/** Edits up to which the shortest way is looked for; above, all that is not the same at both ends is counted. */
const MAX_EDITS = 2_000;

/** Steps of comparing, for all files of one change together: about a second. */
export const COMPARING_STEPS = 200_000_000;

/** What is left of them. */
export interface ComparingBudget {
  steps: number;
}

export interface LineChange {
  readonly added: number;
  readonly deleted: number;
}

/** The lines of a file, text or not: they end at LF, CR or CRLF, and are at most 400 bytes long. */
export function linesOf(bytes: Buffer): readonly string[] {
  const lines: string[] = [];
  const text = bytes.toString('latin1');
  for (const line of text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? []) {
    for (let from = 0; from < line.length; from += LINE_BYTES)
      lines.push(line.slice(from, from + LINE_BYTES));
  }
  return lines;
}

/**
 * The fewest lines that have to be deleted and added (Myers, "An O(ND) Difference Algorithm"). Never fewer than git
 * finds; more where the files have next to nothing in common, or the budget is used up.
 */
export function countLines(before: Buffer, after: Buffer, budget: ComparingBudget): LineChange {
  const [one, two] = intern(linesOf(before), linesOf(after));
  let start = 0;
  while (start < one.length && start < two.length && one[start] === two[start]) start += 1;
  let [endOne, endTwo] = [one.length, two.length];
  while (endOne > start && endTwo > start && one[endOne - 1] === two[endTwo - 1]) {
    endOne -= 1;
    endTwo -= 1;
  }
  const [left, right] = [one.subarray(start, endOne), two.subarray(start, endTwo)];
  const edits = left.length === 0 || right.length === 0 ? null : fewestEdits(left, right, budget);
  if (edits === null) return { added: right.length, deleted: left.length };
  const added = (edits + right.length - left.length) / 2;
  return { added, deleted: edits - added };
}

/** Lines as numbers: the same number is the same line. */
function intern(one: readonly string[], two: readonly string[]): [Int32Array, Int32Array] {
  const numbers = new Map<string, number>();
  const numberOf = (line: string): number => {
    const known = numbers.get(line) ?? numbers.size;
    numbers.set(line, known);
    return known;
  };
  return [Int32Array.from(one, numberOf), Int32Array.from(two, numberOf)];
}

/** Length of the shortest edit script; null where it is longer than `MAX_EDITS`, or nobody has the time. */
function fewestEdits(one: Int32Array, two: Int32Array, budget: ComparingBudget): number | null {
  const most = Math.min(MAX_EDITS, one.length + two.length);
  const furthest = new Int32Array(2 * most + 3);
  for (let edits = 0; edits <= most && budget.steps > 0; edits += 1) {
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const below = furthest[most + diagonal + 2] ?? 0;
      const above = furthest[most + diagonal] ?? 0;
      const down = diagonal === -edits || (diagonal !== edits && above < below);
      const from = down ? below : above + 1;
      let x = from;
      while (x < one.length && x - diagonal < two.length && one[x] === two[x - diagonal]) x += 1;
      budget.steps -= 1 + x - from;
      furthest[most + diagonal + 1] = x;
      if (x >= one.length && x - diagonal >= two.length) return edits;
    }
  }
  return null;
}
