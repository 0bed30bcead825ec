import type { CachedAnswer, SharedState } from '../../formats/github/cache.schema.ts';
import type { GithubMemory, KnownAnswer } from './memory.ts';
import { type GithubPorts, POLL_INTERVAL_MS, pollMsOf } from './ports.ts';
import { changeShared } from './shared-file.ts';

/** Answers are kept so long; their ETag saves requests to runs that follow soon. */
const KEPT_MS = 3_600_000;

const MAX_ANSWERS = 300;

const MAX_BODY_BYTES = 1024 * 1024;

const MAX_BODIES_BYTES = 8 * 1024 * 1024;

/** A watch that was not renewed for so long is of a run that has ended. */
const WATCH_MS = 5 * POLL_INTERVAL_MS;

/** Exchanges what this process and the others were told. */
export async function exchangeAnswers(ports: GithubPorts): Promise<void> {
  await changeShared(ports, (state) => exchange(state, ports.memory, ports.clock.now()));
}

/**
 * Renews the watch of some addresses, and takes the turn to poll if it is due: one address a poll interval for all runs
 * together, the one whose answer is oldest, whoever waits for it. Null where it is not due.
 */
export async function takePollTurn(ports: GithubPorts, watch: readonly string[]): Promise<string | null> {
  const nowMs = ports.clock.now();
  const pollMs = pollMsOf(ports);
  return changeShared(ports, (state) => {
    exchange(state, ports.memory, nowMs);
    for (const address of watch) {
      const answeredMs = ports.memory.answers.get(address)?.checkedAtMs ?? 0;
      // A clock that was set back leaves answers of the future: their turn must come all the same.
      const polled_at_ms = state.watched[address]?.polled_at_ms ?? Math.min(answeredMs, nowMs);
      state.watched[address] = { seen_at_ms: nowMs, polled_at_ms };
    }
    if (nowMs < state.limited_until_ms || nowMs - state.last_poll_at_ms < pollMs) return null;
    const [oldest] = Object.entries(state.watched).sort(([, a], [, b]) => a.polled_at_ms - b.polled_at_ms);
    if (oldest === undefined || nowMs - oldest[1].polled_at_ms < pollMs) return null;
    state.last_poll_at_ms = nowMs;
    state.watched[oldest[0]] = { ...oldest[1], polled_at_ms: nowMs };
    return oldest[0];
  });
}

function exchange(state: SharedState, memory: GithubMemory, nowMs: number): void {
  for (const [address, answer] of Object.entries(state.answers)) {
    const known = memory.answers.get(address);
    if (known === undefined || known.checkedAtMs < answer.checked_at_ms || known.checkedAtMs > nowMs)
      memory.answers.set(address, knownOf(answer));
  }
  for (const address of memory.unsaved) {
    const known = memory.answers.get(address);
    const cached = known === undefined ? null : cachedOf(known);
    if (cached !== null) state.answers[address] = cached;
  }
  memory.unsaved.clear();
  memory.limitedUntilMs = Math.max(memory.limitedUntilMs, state.limited_until_ms);
  state.limited_until_ms = memory.limitedUntilMs;
  state.limited_times = memory.limitedTimes;
  state.last_poll_at_ms = Math.min(state.last_poll_at_ms, nowMs);
  prune(state, nowMs);
}

/** Drops what is old, and watches of a future from before the clock was set back: they would never be polled. */
function prune(state: SharedState, nowMs: number): void {
  const newestFirst = Object.entries(state.answers)
    .filter(([, answer]) => nowMs - answer.checked_at_ms < KEPT_MS)
    .sort(([, a], [, b]) => b.checked_at_ms - a.checked_at_ms)
    .slice(0, MAX_ANSWERS);
  let size = 0;
  state.answers = Object.fromEntries(
    newestFirst.filter(([, answer]) => {
      size += answer.body.length;
      return size <= MAX_BODIES_BYTES;
    }),
  );
  state.watched = Object.fromEntries(
    Object.entries(state.watched).filter(
      ([, { seen_at_ms, polled_at_ms }]) =>
        nowMs - seen_at_ms < WATCH_MS && polled_at_ms - nowMs < POLL_INTERVAL_MS,
    ),
  );
}

/** Only what can be asked for again by ETag is worth keeping. */
function cachedOf(known: KnownAnswer): CachedAnswer | null {
  const { status, etag, link, bytes, checkedAtMs } = known;
  if (status !== 200 || etag === null || etag === '' || bytes.length > MAX_BODY_BYTES) return null;
  const body = new TextDecoder().decode(bytes);
  if (Buffer.compare(Buffer.from(body, 'utf8'), bytes) !== 0) return null;
  return { etag, link, body, checked_at_ms: checkedAtMs };
}

function knownOf({ etag, link, body, checked_at_ms }: CachedAnswer): KnownAnswer {
  return {
    status: 200,
    etag,
    link,
    bytes: Buffer.from(body, 'utf8'),
    checkedAtMs: checked_at_ms,
    own: false,
  };
}
