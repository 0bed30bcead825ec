import { readFileSync } from 'node:fs';
import { isInside } from '../formats/stored-path.ts';
import { errnoOf } from './io-failure.ts';

/**
 * The first mount point that is `folder` (absolute, real) or in it; null where there is none, or the system does not
 * tell (only Linux does). What is mounted there is somebody else's, also where it is on the same disk.
 */
export function mountPointIn(folder: string): string | null {
  return mountPointsOf(readMounts()).find((place) => isInside(folder, place)) ?? null;
}

/** Field 5 of each line of /proc/self/mountinfo (proc_pid_mountinfo(5)), its octal escapes undone. */
export function mountPointsOf(mountinfo: string): readonly string[] {
  return mountinfo.split('\n').flatMap((line) => {
    const place = line.split(' ')[4];
    return place === undefined ? [] : [place.replace(/\\([0-7]{3})/g, (_, octal: string) => byteOf(octal))];
  });
}

/** Only space, tab, newline and backslash are escaped, each of which is one character. */
function byteOf(octal: string): string {
  return String.fromCharCode(Number.parseInt(octal, 8));
}

function readMounts(): string {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8');
  } catch (error) {
    errnoOf(error);
    return '';
  }
}
