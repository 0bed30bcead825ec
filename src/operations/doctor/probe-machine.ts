import { readFileSync, readlinkSync } from 'node:fs';
import type { Finding } from '../../core/doctor/finding.ts';
import { judgeFileTimes } from '../../core/doctor/judge-clock.ts';
import { judgeFolder } from '../../core/doctor/judge-folder.ts';
import { judgeProcesses } from '../../core/doctor/judge-processes.ts';
import { ciOf, judgeSurroundings } from '../../core/doctor/judge-surroundings.ts';
import { judgeFileLock, judgeReaper } from '../../core/doctor/judge-tools.ts';
import { fail, ok } from '../../core/result.ts';
import { findProcesses } from '../../process/process-tree.ts';
import { errnoOf } from '../../store/io-failure.ts';
import { diskSpace, nearestExisting, tryFolder } from '../../store/try-folder.ts';
import { isUnicodeLocale } from '../../system/terminal.ts';
import type { DoctorPorts } from './ports.ts';
import type { Scene } from './scene.ts';

/** What out_dir, or the place where it will be, is good for. Writes one temporary file and removes it. */
export function probeFolder({ ports, request, plan }: Scene): readonly Finding[] {
  const folder = nearestExisting(request.outDir);
  const trial = tryFolder(folder, { random: () => ports.random(8), now: ports.clock.now });
  const { written, linked, lock, times } = trial;
  return [
    ...judgeFolder({ folder, written, linked, space: diskSpace(folder) }, plan),
    ...(lock === null ? [] : [judgeFileLock(lock)]),
    ...(times === null ? [] : [judgeFileTimes(times)]),
  ];
}

/** Whether the reaper starts: it is started, and sent away when the command ends. */
export async function probeReaper({ watch }: Scene): Promise<Finding> {
  const reaper = await watch.reaper();
  return judgeReaper(reaper.ok ? ok(reaper.value) : fail(reaper.failure.message));
}

/** How the processes of a stage would be found. */
export function probeProcesses({ ports }: Scene): Finding {
  return judgeProcesses({
    platform: ports.platform,
    method: findProcesses(ports.clock).method,
    mountinfo: unlessMissing(() => readFileSync('/proc/self/mountinfo', 'utf8')),
    pidNamespace: unlessMissing(() => readlinkSync('/proc/self/ns/pid')),
  });
}

/** Locale, terminal and CI. */
export function probeSurroundings(ports: DoctorPorts): readonly Finding[] {
  const { env, isTty, columns, color } = ports;
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((one) => one !== undefined && one !== '');
  return judgeSurroundings({
    locale: locale ?? null,
    isUnicode: isUnicodeLocale(env),
    isTty,
    columns,
    color,
    ci: ciOf(env),
  });
}

function unlessMissing(read: () => string): string | null {
  try {
    return read();
  } catch (error) {
    errnoOf(error);
    return null;
  }
}
