import { hostname, userInfo } from 'node:os';
import type { HostRecord } from '../core/records.ts';

/** Where this process runs. A user without an entry in the password database is named by number. */
export function hostRecord(outDir: string): HostRecord {
  return {
    hostname: hostname(),
    platform: process.platform,
    arch: process.arch,
    user: userName(),
    out_dir: outDir,
  };
}

/** The caller's login. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
