import type { Finished } from '../../e2e/live-process.ts';
import { endingOf } from '../said.ts';
import type { FuzzCase } from './fuzz-case.ts';

/** How long a command may take over any input of ours. */
export const LONGEST_MS = 10_000;

/** What the call has changed, by paths relative to the folder that holds everything of the case. */
export interface Called {
  readonly run: Finished;
  readonly changed: readonly string[];
}

/** Controls that no output may hold, newline and tab aside: C0, DEL, C1, separators and changes of direction. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/u;

/** A line of a stack: it ends with a place in a script. Texts of ours may have `at` at the start of a line. */
const STACK = /\n {4}at .*(?::\d+:\d+\)?|<anonymous>\)?)(?:\n|$)/;

/** Everything that must not be, of one call. */
export function judge(fuzz: FuzzCase, { run, changed }: Called): readonly string[] {
  const fits = run.code !== null && fuzz.codes.includes(run.code);
  const wrong = changed.filter((path) => !mayChange(fuzz, run.code, path));
  return [
    ...(fits && !run.hung ? [] : [`expected exit ${fuzz.codes.join(' or ')}: ${endingOf(run)}`]),
    ...faultsOfText('stdout', run.stdout, fuzz),
    ...faultsOfText('stderr', run.stderr, fuzz),
    ...(run.code === 2 ? faultsOfRefusal(fuzz, run.stderr) : []),
    ...(wrong.length === 0
      ? []
      : [`changed what it may not (exit ${run.code}): ${wrong.slice(0, 3).join(', ')}`]),
  ];
}

function faultsOfText(name: string, text: string, fuzz: FuzzCase): readonly string[] {
  const control = CONTROLS.exec(text)?.[0];
  const ours = !JSON.stringify(fuzz).includes('\ufffd');
  return [
    ...(STACK.test(text) ? [`${name}: a stack trace`] : []),
    ...(text.includes('orchestrator: internal error') ? [`${name}: ${text.slice(0, 200)}`] : []),
    ...(control === undefined ? [] : [`${name}: a control character, ${JSON.stringify(control)}`]),
    ...(ours && text.includes('\ufffd') ? [`${name}: U+FFFD`] : []),
  ];
}

/** A refusal is one line; only what lists every mistake of a config file may have several. */
function faultsOfRefusal(fuzz: FuzzCase, stderr: string): readonly string[] {
  const lines = stderr.split('\n');
  const many = fuzz.argv[0] === 'config';
  const clean = lines.at(-1) === '' && lines.slice(0, -1).every((line) => line.startsWith('orchestrator: '));
  if (clean && (lines.length === 2 || (many && lines.length > 2))) return [];
  return [`a refusal that is not one line: ${JSON.stringify(stderr.slice(0, 200))}`];
}

/** A refusal changes nothing; everything else at most what the case allows. */
function mayChange(fuzz: FuzzCase, code: number | null, path: string): boolean {
  if (code === 2 || fuzz.writes === 'nothing') return false;
  const inside = fuzz.writes === 'out' ? 'work/out' : 'work';
  return path === inside || path.startsWith(`${inside}/`);
}
