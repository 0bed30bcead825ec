import { readFileSync } from 'node:fs';
import type { Live } from './live-process.ts';

/** The most memory that a process had resident while it ran, in kB; read every 10 ms, 0 where nothing can be. */
export async function peakOf(live: Live): Promise<number> {
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, highWater(live.pid));
  }, 10);
  await live.finished;
  clearInterval(watch);
  return peak;
}

function highWater(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
