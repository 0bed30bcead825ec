import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_PASS, createRig, type Rig, until } from '../../e2e/rig.ts';
import { endingOf } from '../said.ts';
import type { Start } from './fuzz-case.ts';

/** Evidence of real runs, made once, to be copied for each case. */
export interface Starts {
  readonly copyTo: (start: Start, out: string) => void;
  readonly dispose: () => void;
}

const EXECUTOR = ['--executor-bin', '/bin/true'] as const;
const POLICY = ['--policy-status', 'allow'] as const;

/** Makes one run of each kind. Throws when the done one does not verify: then no refusal would say anything. */
export async function makeStarts(): Promise<Starts> {
  const { rig, dispose } = createRig();
  const runs: readonly (readonly [Start, number, readonly string[]])[] = [
    ['blocked', 3, [...POLICY, ...EXECUTOR]],
    ['failed', 1, [...POLICY, '--executor-bin', '/bin/false']],
    ['done', 0, [...ALL_PASS, ...EXECUTOR, '--manager-bin', 'true']],
  ];
  for (const [start, code, argv] of runs) {
    const run = await rig.run([`./${start}`, ...argv]);
    if (run.code !== code) throw new Error(`no run to start from: ${endingOf(run)}`);
  }
  await interrupt(rig);
  const verified = await rig.run(['verify', './done']);
  if (verified.code !== 0) throw new Error(`the run to start from does not verify: ${endingOf(verified)}`);
  return {
    copyTo: (start, out) => {
      mkdirSync(out);
      if (start === 'none') return;
      cpSync(join(rig.work, start), out, { recursive: true, verbatimSymlinks: true });
    },
    dispose,
  };
}

/** A run that was stopped in a manager that, on a resume, ends at once. */
async function interrupt(rig: Rig): Promise<void> {
  const marker = join(rig.base, 'sleeps');
  const manager = rig.agent('manager', `[ -e '${marker}' ] || { : > '${marker}'; sleep ${rig.nap}; }`);
  const live = rig.start(['./interrupted', ...POLICY, '--manager-bin', manager]);
  await until('the manager sleeps', () => existsSync(marker));
  live.signal('SIGTERM');
  const run = await live.finished;
  if (run.code !== 143) throw new Error(`no run to start from: ${endingOf(run)}`);
}
