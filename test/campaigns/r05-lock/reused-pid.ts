import { ALL_PASS, type Rig } from '../../e2e/rig.ts';
import { seen } from '../seen.ts';
import { lonelyAgent, overlapsOf } from './holding.ts';

/** What the script in the namespace ends with when it could not get the number. */
const NOT_REUSED = 99;

/**
 * In a pid namespace of its own: kills a holder, gives its number to a sleep (`ns_last_pid` says what the next
 * one follows), and resumes. `withKernelLock` waits for the holder's second guard first.
 */
export async function reusePid(rig: Rig, withKernelLock: boolean): Promise<readonly string[]> {
  const guard = `until [ -n "$(ls '${rig.out}/.lock' | grep kernel)" ]; do sleep 0.02; done`;
  const script = `"$@" & holder=$!
until [ -s '${rig.base}/holder' ]; do sleep 0.02; done
${withKernelLock ? guard : ''}
kill -KILL $holder; wait $holder
try=0
while [ $try -lt 500 ]; do
  try=$((try + 1))
  echo $((holder - 1)) > /proc/sys/kernel/ns_last_pid
  sleep ${rig.nap} & [ $! = $holder ] && break
  kill $!; wait $!
done
[ $! = $holder ] || exit ${NOT_REUSED}
: > '${rig.base}/go'
"$1" ./out --resume --kill-grace-ms 100
exit $?`;
  const agent = lonelyAgent(rig, `[ -e '${rig.base}/go' ] || sleep ${rig.nap}`);
  const run = await rig.run(['./out', ...ALL_PASS, '--manager-bin', agent], {
    through: [
      ...['unshare', '--pid', '--fork', '--kill-child=KILL', '--mount-proc', '/bin/sh', '-c', script, 'sh'],
    ],
  });
  if (run.code === NOT_REUSED) return ['the number could not be given to another process'];
  return [...overlapsOf(rig), ...(run.code === 0 ? [] : [`not taken over: ${seen(run)}`])];
}
