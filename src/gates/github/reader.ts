import { fail, ok, type Result } from '../../core/result.ts';
import { sha256 } from '../../formats/sha256.ts';
import type { RawAnswer } from './bounded-fetch.ts';
import { type CallFailure, untrusted } from './call-failure.ts';
import { judgeAnswer, limited } from './judge-answer.ts';
import { type KnownAnswer, notePause } from './memory.ts';
import { type GithubPorts, POLL_INTERVAL_MS } from './ports.ts';
import { canonical } from './same-forge.ts';
import { send } from './send.ts';

/**
 * How old an answer may be. `now`: the forge says so now (a 304 counts, it says that nothing changed). `recent`: it said
 * so to this process within a poll interval. `shared`: or to another run of this token. `remembered`: whenever.
 */
export type Freshness = 'now' | 'recent' | 'shared' | 'remembered';

/** One reading of a gate: the ports, and what it was made from. */
export interface ReadSession extends GithubPorts {
  /** SHA-256 of each answer that was used, by address. */
  readonly used: Map<string, string>;
}

/** One address of the forge and how it is asked for. */
export interface ReadCall {
  readonly call: string;
  readonly needs: string;
  /** Absolute. */
  readonly url: string;
  readonly freshness: Freshness;
  /** Statuses beside 200 that are an answer: 403 and 404 where they mean "no information". */
  readonly expects?: readonly number[];
}

/** Asks for one address, or takes what is known where that is young enough. */
export async function read(ports: ReadSession, asked: ReadCall): Promise<Result<KnownAnswer, CallFailure>> {
  const { memory, clock } = ports;
  const key = canonical(asked.url);
  const known = memory.answers.get(key);
  if (known !== undefined && isFresh(known, asked.freshness, clock.now())) return use(ports, key, known);
  if (memory.limitedUntilMs > clock.now()) return fail(limited(asked.call, memory.limitedUntilMs));
  const etag = known?.etag ?? null;
  const sent = await send(ports, { call: asked.call, method: 'GET', url: asked.url, parameters: {}, etag });
  if (!sent.ok) return sent;
  const taken = take(ports, asked, sent.value, known);
  if (!taken.ok) return taken;
  memory.limitedTimes = 0;
  memory.answers.set(key, taken.value);
  memory.unsaved.add(key);
  return use(ports, key, taken.value);
}

function use(ports: ReadSession, key: string, answer: KnownAnswer): Result<KnownAnswer, CallFailure> {
  ports.used.set(key, sha256(answer.bytes));
  return ok(answer);
}

function take(
  ports: GithubPorts,
  { call, needs, expects }: ReadCall,
  answer: RawAnswer,
  known: KnownAnswer | undefined,
): Result<KnownAnswer, CallFailure> {
  const { memory, clock } = ports;
  const { status, headers, bytes } = answer;
  const [nowMs, pausesBefore] = [clock.now(), memory.limitedTimes];
  if (status === 304) {
    if (known === undefined || known.etag === null)
      return fail(untrusted(call, 'is 304, and nothing was known'));
    return ok({ ...known, checkedAtMs: nowMs, own: true });
  }
  const etag = headers.get('etag');
  const taken = { status, bytes, etag, link: headers.get('link'), checkedAtMs: nowMs, own: true };
  if (status === 200) return ok(taken);
  const failure = judgeAnswer(answer, { call, needs, nowMs, pausesBefore });
  if (failure.kind === 'refused' && expects?.includes(status) === true) return ok({ ...taken, etag: null });
  notePause(memory, failure);
  return fail(failure);
}

/** A time that lies in the future is no age: the clock was set back, or somebody made the time up. */
function isFresh(known: KnownAnswer, freshness: Freshness, nowMs: number): boolean {
  const age = nowMs - known.checkedAtMs;
  const young = age >= 0 && age < POLL_INTERVAL_MS;
  switch (freshness) {
    case 'now':
      return false;
    case 'recent':
      return young && known.own;
    case 'shared':
      return young;
    case 'remembered':
      return true;
  }
}
