import { ALL_PASS, type Rig } from '../../e2e/rig.ts';
import { medianOf } from '../measured.ts';
import { seen } from '../seen.ts';

/** How a long run grew. */
export interface Growth {
  readonly megabytesPer100: number[];
  readonly descriptors: number[];
}

interface Note {
  readonly residentBytes: number;
  readonly descriptors: number;
}

const PAGE_BYTES = 4096;

/**
 * One run of so many attempts, each of which notes the orchestrator's resident pages and open descriptors. What it
 * grew by is told between the middle of its second and of its last quarter: the first warms up.
 */
export async function longRun(rig: Rig, attempts: number, growth: Growth): Promise<readonly string[]> {
  const file = `${rig.base}/notes`;
  const agent = rig.agent(
    'noter',
    `read -r _ pages _ < /proc/$PPID/statm; set -- /proc/$PPID/fd/*; echo "$pages $#" >> '${file}'; exit 1`,
  );
  const args = ['./out', ...ALL_PASS, '--executor-bin', agent];
  const run = await rig.run([...args, '--execution-max-iterations', String(attempts)], { limitMs: 600_000 });
  const notes = rig.read(file).trim().split('\n').map(toNote);
  const [second, last] = [notes.slice(attempts / 4, attempts / 2), notes.slice(-attempts / 4)];
  const bytes = (of: readonly Note[]): number => medianOf(of.map((note) => note.residentBytes));
  growth.megabytesPer100.push(((bytes(last) - bytes(second)) / 1e6 / (attempts / 2)) * 100);
  // Some come and go with each attempt; what stays is in the lowest count.
  const open = (of: readonly Note[]): number => Math.min(...of.map((note) => note.descriptors));
  growth.descriptors.push(open(last) - open(second));
  return [
    ...(run.code === 1 ? [] : [`expected exit 1: ${seen(run)}`]),
    ...(notes.length === attempts ? [] : [`${notes.length} attempts of ${attempts}`]),
  ];
}

function toNote(line: string): Note {
  const [pages = Number.NaN, descriptors = Number.NaN] = line.split(' ').map(Number);
  return { residentBytes: pages * PAGE_BYTES, descriptors };
}
