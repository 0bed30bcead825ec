import type { RawAnswer } from './bounded-fetch.ts';
import { type CallFailure, transient, untrusted } from './call-failure.ts';
import { isRateLimit, pausedUntil } from './rate-limit.ts';

export interface AnswerContext {
  /** What was asked, in words. */
  readonly call: string;
  /** The permission that a token needs for it, in words. */
  readonly needs: string;
  readonly nowMs: number;
  readonly pausesBefore: number;
}

/** Why an answer that is neither 200 nor 201 nor an expected 304 does not count. */
export function judgeAnswer(answer: RawAnswer, context: AnswerContext): CallFailure {
  const { call, needs, nowMs, pausesBefore } = context;
  const { status, headers } = answer;
  const text = new TextDecoder().decode(answer.bytes.subarray(0, 4000));
  if (isRateLimit({ status, headers, text }))
    return limited(call, pausedUntil(headers, nowMs, pausesBefore), status);
  if (status >= 500) return transient(call, `GitHub answered ${status}`, status);
  switch (status) {
    case 401:
      return refused(
        call,
        status,
        'the token is not accepted',
        'give a token that is valid, in the variable that is configured',
      );
    case 403:
      return refused(call, status, 'the token may not ask that', `give the token: ${needs}`);
    case 404:
      return refused(
        call,
        status,
        'it is not there, or the token may not see it',
        `check the name and the number; the token needs: ${needs}`,
      );
    default:
      return { ...untrusted(call, `has status ${status}`), status };
  }
}

/** The pause that a forge asked for. */
export function limited(call: string, untilMs: number, status: number | null = null): CallFailure {
  return {
    kind: 'limited',
    message: `${call}: GitHub's rate limit is reached until ${clockTime(untilMs)}`,
    remedy: 'wait longer (--gate-wait-ms), or use a token with a higher limit',
    status,
    retryAtMs: untilMs,
  };
}

/** A time of day in UTC, as the progress line names it. */
export function clockTime(unixMs: number): string {
  return `${new Date(unixMs).toISOString().slice(11, 19)} UTC`;
}

function refused(call: string, status: number, what: string, remedy: string): CallFailure {
  return {
    kind: 'refused',
    message: `${call}: GitHub answered ${status}: ${what}`,
    remedy,
    status,
    retryAtMs: null,
  };
}
