import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { ALL_PASS, type Rig, until } from '../../e2e/rig.ts';
import { seen } from '../seen.ts';
import { leaveStaleLock, letGo, notRefused, overlapsOf, startHolder } from './holding.ts';
import { heartbeatOf } from './stopped.ts';

/** `+1h` or `-1h`. */
export type Shift = '+1h' | '-1h';

/** The library of faketime(1); null where it is not installed. */
export function faketimeLibrary(): string | null {
  try {
    const said = execFileSync('faketime', ['-f', '+0', 'printenv', 'LD_PRELOAD'], { encoding: 'utf8' });
    return said.trim().split(':').at(-1) ?? null;
  } catch {
    return null;
  }
}

/** Real file times and a steady clock that is not moved: what a wrong or corrected wall clock is like. */
function clock(library: string, setting: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return {
    ...{
      LD_PRELOAD: library,
      DONT_FAKE_MONOTONIC: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    },
    ...{ FAKE_UTIME: '0', ...setting },
  };
}

/** A contender whose clock is off, at a living holder. */
export async function offContender(rig: Rig, library: string, shift: Shift): Promise<readonly string[]> {
  const holder = await startHolder(rig);
  const other = await rig.run(['./out', '--resume'], { env: clock(library, { FAKETIME: shift }) });
  letGo(rig);
  const { code } = await holder.finished;
  return [...notRefused(other), ...overlapsOf(rig), ...(code === 0 ? [] : [`the holder ended with ${code}`])];
}

/** A holder whose clock is off, and a contender. */
export async function offHolder(rig: Rig, library: string, shift: Shift): Promise<readonly string[]> {
  const holder = await startHolder(rig, { env: clock(library, { FAKETIME: shift }) });
  const offMs = Date.parse(rig.report().invocations[0]?.started_at ?? '') - Date.now();
  const other = await rig.run(['./out', '--resume']);
  letGo(rig);
  const { code } = await holder.finished;
  return [
    ...(Math.abs(offMs) > 3_000_000 ? [] : ['the clock of the holder was not moved']),
    ...notRefused(other),
    ...overlapsOf(rig),
    ...(code === 0 ? [] : [`the holder ended with ${code}`]),
  ];
}

/** A dead holder's lock, taken by one whose clock is off. */
export async function offTakeover(rig: Rig, library: string, shift: Shift): Promise<readonly string[]> {
  await leaveStaleLock(rig);
  letGo(rig);
  const env = clock(library, { FAKETIME: shift });
  // Asserted anew: by this clock, the first ones may be from the future, and count for nothing.
  const next = await rig.run(['./out', '--resume', ...ALL_PASS, '--kill-grace-ms', '100'], { env });
  return [...overlapsOf(rig), ...(next.code === 0 ? [] : [`not taken over: ${seen(next)}`])];
}

/**
 * A clock that jumps while the lock is held: the heartbeat goes on, nobody else gets in, the run ends by its gates.
 * Set back, its assertions are from the future and count for nothing: it is blocked.
 */
export async function jump(rig: Rig, library: string, shift: Shift): Promise<readonly string[]> {
  const file = rig.write(`${rig.base}/time`, '+0\n');
  const env = clock(library, { FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: '1' });
  const holder = await startHolder(rig, { env });
  const beats = (): number => {
    try {
      return statSync(heartbeatOf(rig)).mtimeMs;
    } catch {
      return 0;
    }
  };
  await until('the heartbeat is there', () => beats() !== 0);
  const first = beats();
  rig.write(file, `${shift}\n`);
  let isOver = false;
  void holder.exited.then(() => {
    isOver = true;
  });
  await until('it beats by the new clock', () => isOver || beats() !== first);
  const other = await rig.run(['./out', '--resume']);
  letGo(rig);
  const run = await holder.finished;
  return [
    ...notRefused(other),
    ...overlapsOf(rig),
    ...(run.code === (shift === '-1h' ? 3 : 0) ? [] : [`the holder ended: ${seen(run)}`]),
  ];
}
