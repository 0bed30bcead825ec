import { existsSync, statSync, utimesSync } from 'node:fs';
import { type Rig, until } from '../../e2e/rig.ts';
import { letGo, notRefused, overlapsOf, startHolder } from './holding.ts';

/** The heartbeat of a run in `./out`. */
export function heartbeatOf(rig: Rig): string {
  return `${rig.out}/.lock/heartbeat`;
}

/**
 * Stops a holder past the time after which its heartbeat counts as stale: by setting the heartbeat's time back,
 * which is what others see of a long stop, or by stopping it for `forMs`.
 */
export async function stopHolder(rig: Rig, forMs: number | null): Promise<readonly string[]> {
  const holder = await startHolder(rig);
  const heartbeat = heartbeatOf(rig);
  await until('the heartbeat is there', () => existsSync(heartbeat));
  holder.signal('SIGSTOP');
  const { mtime } = statSync(heartbeat);
  if (forMs === null) utimesSync(heartbeat, mtime, new Date(mtime.getTime() - 3_600_000));
  else await new Promise((done) => setTimeout(done, forMs));
  const other = await rig.run(['./out', '--resume']);
  if (forMs === null) utimesSync(heartbeat, mtime, mtime);
  holder.signal('SIGCONT');
  letGo(rig);
  const { code } = await holder.finished;
  return [
    ...notRefused(other),
    ...overlapsOf(rig),
    ...(code === 0 ? [] : [`the holder ended with ${code} once it went on`]),
  ];
}
