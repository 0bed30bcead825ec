import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finished } from '../../e2e/live-process.ts';
import type { Rig, RunOptions } from '../../e2e/rig.ts';
import type { NamedPoint } from '../named-points.ts';
import { endingOf } from '../said.ts';
import { tracesIn } from './canaries.ts';
import { ENVIRONMENT } from './leaking.ts';
import { scanFolder } from './scan.ts';

/** A place to put down what was found, while the calls of one point go on. */
export interface Watch {
  readonly rig: Rig;
  readonly found: string[];
}

const SUMMARY = 'summary.md';

/** The environment of a call that gets secrets, and a step summary to write. */
export function options(rig: Rig): RunOptions {
  return { env: { ...ENVIRONMENT, GITHUB_STEP_SUMMARY: join(rig.base, SUMMARY) } };
}

/** Notes what the run has printed of the secrets, and whether it ended as it should. */
export function look({ found }: Watch, run: Finished, code: number | null): void {
  if (run.code !== code) found.push(`expected exit ${code}: ${endingOf(run)}`);
  for (const one of tracesIn(Buffer.from(run.said))) found.push(`printed: ${one}`);
}

/** A run with the secrets in its environment, looked at. */
export async function call(watch: Watch, code: number | null, argv: readonly string[]): Promise<void> {
  look(watch, await watch.rig.run(argv, options(watch.rig)), code);
}

/** Looks at out_dir, at the step summary, and at what the commands beside a run print of it. */
export async function lookAround(watch: Watch, printed = true): Promise<void> {
  const { rig, found } = watch;
  found.push(...scanFolder(rig.out));
  const summary = join(rig.base, SUMMARY);
  if (existsSync(summary)) found.push(...tracesIn(readFileSync(summary)).map((one) => `summary: ${one}`));
  for (const argv of BESIDE) {
    const run = await rig.run(argv, { limitMs: 10_000 });
    found.push(...tracesIn(Buffer.from(run.said)).map((one) => `${argv.join(' ')}: ${one}`));
  }
  if (printed && !logs(rig).includes('***')) found.push('nothing was masked: the agent has not printed');
}

const BESIDE: readonly (readonly string[])[] = [
  ['report', './out'],
  ['report', './out', '--format', 'json'],
  ['report', './out', '--format', 'markdown'],
  ['explain', './out'],
  ['verify', './out'],
];

/** The text of all logs of `out`. */
export function logs(rig: Rig): string {
  const folder = join(rig.out, 'logs');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.map((name) => readFileSync(join(folder, name), 'utf8')).join('');
}

/** A point whose answer is what its calls have found. */
export function point(name: string, act: (watch: Watch) => Promise<void>): NamedPoint {
  return {
    name,
    attempt: async (rig) => {
      const watch = { rig, found: [] };
      await act(watch);
      return watch.found;
    },
  };
}
