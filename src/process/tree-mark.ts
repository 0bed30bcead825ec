import { createHash } from 'node:crypto';

/**
 * A mark that a process does not lose by accident: a limit on real-time CPU use (RLIMIT_RTTIME) of more than
 * 140,000 years, whose odd microseconds are made from the invocation's cookie. Resource limits are inherited
 * over fork and exec, also by a process that clears its environment, leaves its session and is orphaned at once
 * (`env -i setsid … &`), which nothing else shows; anybody may read them in /proc/PID/limits. The reaper puts it
 * on this process (`prlimit`, where there is one) before the first child is started.
 */
export function treeMark(cookie: string): string {
  const digits = createHash('sha256').update(cookie).digest('hex').slice(0, 12);
  return String((1n << 62n) + BigInt(`0x${digits}`));
}

/** Whether the text of a /proc/PID/limits has one of the marks. */
export function hasMark(limits: string | null, marks: readonly string[]): boolean {
  return limits !== null && marks.some((mark) => limits.includes(mark));
}
