import { readFileSync } from 'node:fs';
import type { Finished, Live } from '../../e2e/live-process.ts';
import { ALL_PASS, type Rig, type RunOptions, until } from '../../e2e/rig.ts';
import { seen } from '../seen.ts';

/**
 * An agent that notes whom it meets: it makes a folder named by its process and when that began, then looks whether
 * the process of another one lives; of two that overlap, at least the later sees the earlier. Then it does `what`.
 */
export function lonelyAgent(rig: Rig, what: string): string {
  return rig.agent(
    'lonely',
    `began() { set -- $(cat "/proc/$1/stat" 2> /dev/null); [ "$3" = Z ] || echo "\${22}"; }
me=$$.$(began $$)
mkdir -p '${rig.base}/inside/'$me
for one in '${rig.base}'/inside/*; do
  name=\${one##*/}
  [ "$name" = $me ] && continue
  [ "$(began \${name%.*})" = "\${name#*.}" ] && echo "$me met $name" >> '${rig.base}/overlaps'
done
echo $PPID > '${rig.base}/holder'
${what}
rmdir '${rig.base}/inside/'$me`,
  );
}

/** The agent that holds until `letGo`. */
export function patientAgent(rig: Rig): string {
  return lonelyAgent(rig, `until [ -e '${rig.base}/go' ]; do sleep 0.02; done`);
}

export function letGo(rig: Rig): void {
  rig.write(`${rig.base}/go`, '');
}

/** The process that holds, as its agent has noted; null before. */
export function holderOf(rig: Rig): number | null {
  return rig.exists(`${rig.base}/holder`) ? Number(readFileSync(`${rig.base}/holder`, 'utf8')) : null;
}

/** Starts a run whose agent holds until `letGo`, and waits until it does. */
export async function startHolder(rig: Rig, options: RunOptions = {}): Promise<Live> {
  const live = rig.start(['./out', ...ALL_PASS, '--manager-bin', patientAgent(rig)], options);
  await until('the holder works', () => holderOf(rig) !== null);
  return live;
}

/** Leaves the lock of a holder that was killed. */
export async function leaveStaleLock(rig: Rig): Promise<void> {
  const holder = await startHolder(rig);
  holder.signal('SIGKILL');
  await holder.exited;
}

/** What two holders at a time have left, in words. */
export function overlapsOf(rig: Rig): readonly string[] {
  return rig.exists(`${rig.base}/overlaps`)
    ? rig
        .read(`${rig.base}/overlaps`)
        .trim()
        .split('\n')
        .map((line) => `two held: ${line}`)
    : [];
}

/** Whether a contender was refused, and told who holds, or who did when it looked. */
export function notRefused(run: Finished): readonly string[] {
  if (run.code !== 75) return [`expected exit 75: ${seen(run)}`];
  return /is held by process \d+|is being taken|another process worked/.test(run.stderr)
    ? []
    : [`nobody is named: ${seen(run)}`];
}
