import { ALL_PASS, type Rig, until } from '../../e2e/rig.ts';
import { leaveStaleLock, letGo, notRefused, overlapsOf, patientAgent, startHolder } from './holding.ts';

const TIMES = 5;

/** What is measured one at a time, ms. */
export interface Times {
  readonly refusedMs: number[];
  readonly takenOverMs: number[];
}

/** Contenders that come one after the other to a living holder. */
export async function refuse(rig: Rig, times: Times): Promise<readonly string[]> {
  const holder = await startHolder(rig);
  const problems: string[] = [];
  for (let turn = 0; turn < TIMES; turn += 1) {
    const run = await rig.run(['./out', '--resume']);
    times.refusedMs.push(run.ms);
    problems.push(...notRefused(run));
  }
  letGo(rig);
  const { code } = await holder.finished;
  return code === 0 ? problems : [...problems, `the holder ended with ${code}`];
}

/** Resumes after a kill: from its start until its agent speaks, beyond what a fresh run takes for that. */
export async function takeOver(rig: Rig, times: Times): Promise<readonly string[]> {
  await leaveStaleLock(rig);
  letGo(rig);
  const resumeMs = await untilAgentSpeaks(rig, ['./out', '--resume', '--kill-grace-ms', '100']);
  const fresh = ['./fresh', ...ALL_PASS, '--manager-bin', patientAgent(rig)];
  times.takenOverMs.push(Math.max(0, resumeMs - (await untilAgentSpeaks(rig, fresh))));
  return overlapsOf(rig);
}

async function untilAgentSpeaks(rig: Rig, args: readonly string[]): Promise<number> {
  const starts = (): number => rig.ledger().filter((line) => line.startsWith('start')).length;
  const before = starts();
  const began = performance.now();
  const live = rig.start(args);
  await until('its agent speaks', () => starts() > before);
  const ms = performance.now() - began;
  await live.finished;
  return ms;
}
