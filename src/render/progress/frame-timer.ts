import type { StartTimer } from './progress.ts';

/** A timer that does not keep the process alive. */
export const unrefTimer: StartTimer = (ms, tick) => {
  const timer = setInterval(tick, ms);
  timer.unref();
  return () => clearInterval(timer);
};
