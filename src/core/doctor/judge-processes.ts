import { type Finding, fine, warning } from './finding.ts';

/** What can be seen of the processes of this machine. */
export interface ProcessFacts {
  readonly platform: string;
  /** How a stage's processes are found: `proc`, `ps`, `none`. */
  readonly method: string;
  /** /proc/self/mountinfo; null where there is none. */
  readonly mountinfo: string | null;
  /** `pid:[4026531836]`; null where it cannot be told. */
  readonly pidNamespace: string | null;
}

/** The first pid namespace of a Linux machine (PROC_PID_INIT_INO of the kernel). */
const INITIAL_NAMESPACE = 'pid:[4026531836]';

/** Whether what a stage starts can be found and ended. */
export function judgeProcesses(facts: ProcessFacts): Finding {
  const check = 'processes';
  const { method, platform } = facts;
  if (method === 'none') {
    return warning({
      check,
      seen:
        platform === 'linux' ? '/proc does not show this process' : `${platform} does not tell its processes`,
      means: "only a stage's own process group is ended: what leaves it may outlive the run",
      fix: 'mount /proc of this pid namespace (mount -t proc proc /proc)',
    });
  }
  const hidden = hidepidOf(facts.mountinfo ?? '');
  if (hidden !== null) {
    return warning({
      check,
      seen: `/proc is mounted with hidepid=${hidden}`,
      means: "a stage's process that changes its user is not seen, and may outlive the run",
      fix: 'mount -o remount,hidepid=0 /proc, or run stages with --sandbox required',
    });
  }
  const where =
    facts.pidNamespace === null || facts.pidNamespace === INITIAL_NAMESPACE
      ? ''
      : ', in a pid namespace of its own (a container)';
  return fine({
    check,
    seen: `seen by ${method}${where}`,
    means: 'whatever a stage starts is found and ended',
  });
}

/** The value of hidepid that /proc is mounted with (proc(5)), null where it hides nothing. Pure. */
export function hidepidOf(mountinfo: string): string | null {
  const mounts = mountinfo.split('\n').filter((line) => line.split(' ')[4] === '/proc');
  // The last one mounted stands on top.
  const options = mounts.at(-1)?.split(' - ')[1]?.split(' ')[2] ?? '';
  const value = /(?:^|,)hidepid=([a-z0-9]+)/.exec(options)?.[1];
  return value === undefined || value === '0' || value === 'off' ? null : value;
}
