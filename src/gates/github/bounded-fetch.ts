import { fail, ok, type Result } from '../../core/result.ts';
import { type CallFailure, transient, untrusted } from './call-failure.ts';
import { withinForge } from './same-forge.ts';

/** Bytes that one answer may have; a page of 100 check runs is below 1 MiB. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

const TIMEOUT_MS = 30_000;

const MAX_REDIRECTS = 3;

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** An answer, whole. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

export interface BoundedFetch {
  readonly fetch: typeof globalThis.fetch;
  readonly baseUrl: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number | undefined;
  /** What is asked, in words. */
  readonly call: string;
}

/**
 * One request and its whole answer, within a time and a size. Redirects are followed for reading only, and only below
 * the base URL: the token goes nowhere else. Nothing of a foreign error text gets into the failure: it can repeat the
 * headers that were sent.
 */
export async function boundedFetch(
  options: BoundedFetch,
  address: string,
  init: RequestInit,
): Promise<Result<RawAnswer, CallFailure>> {
  const { call, baseUrl } = options;
  const timeout = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
  const signal = AbortSignal.any([options.signal, timeout]);
  let url = withinForge(baseUrl, address, address);
  try {
    for (let redirects = 0; url !== null; redirects += 1) {
      const response = await options.fetch(url, { ...init, redirect: 'manual', signal });
      if (!REDIRECTS.has(response.status)) return await readAnswer(response, call);
      await response.body?.cancel();
      if (init.method !== undefined && init.method !== 'GET') return fail(untrusted(call, 'is a redirect'));
      if (redirects >= MAX_REDIRECTS) return fail(untrusted(call, 'redirects without end'));
      url = withinForge(baseUrl, response.headers.get('location') ?? '', url);
    }
  } catch {
    return fail(interrupted(call, options.signal, timeout));
  }
  return fail(untrusted(call, 'points outside the base URL'));
}

async function readAnswer(response: Response, call: string): Promise<Result<RawAnswer, CallFailure>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > MAX_ANSWER_BYTES) return fail(untrusted(call, `is longer than ${MAX_ANSWER_BYTES} bytes`));
    parts.push(part);
  }
  return ok({ status: response.status, headers: response.headers, bytes: Buffer.concat(parts) });
}

function interrupted(call: string, run: AbortSignal, timeout: AbortSignal): CallFailure {
  if (run.aborted) return { ...transient(call, 'the run was interrupted'), kind: 'cancelled' };
  return transient(
    call,
    timeout.aborted
      ? 'no whole answer in time'
      : 'no whole answer: the connection could not be made or was cut',
  );
}
