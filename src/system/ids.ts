import { randomBytes } from 'node:crypto';

/** `bytes` random bytes from the system, in hex. */
export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}

/** A run id that sorts by time and cannot collide: `20260208T101500Z-1f2e3d4c5b6a`. */
export function newRunId(unixMs: number, random: (bytes: number) => string): string {
  const time = new Date(unixMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return `${time}Z-${random(6)}`;
}
