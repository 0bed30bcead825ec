import { fail, ok, type Result } from '../../core/result.ts';
import { ANSWER_LIMIT_BYTES, type GitlabPorts, REQUEST_LIMIT_MS } from './ports.ts';
import { describeStatus, limitDelayMs } from './refusal.ts';
import { type Trouble, trouble } from './trouble.ts';

/** A whole answer with one of the awaited statuses. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

export interface Asked {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Below the base URL, with its query: `/projects/7/merge_requests/1`. */
  readonly path: string;
  /** Sent as JSON; left out with GET. */
  readonly body?: unknown;
  /** Statuses that are an answer. */
  readonly expect: readonly number[];
}

/**
 * One request. Redirects are not followed, so that the token stays with the host of the base URL; an answer that is
 * not whole, too large or late is trouble like a refusal. Nothing is thrown.
 */
export async function request(ports: GitlabPorts, asked: Asked): Promise<Result<Reply, Trouble>> {
  const what = `${asked.method} ${asked.path}`;
  const limitMs = ports.requestLimitMs ?? REQUEST_LIMIT_MS;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), limitMs);
  try {
    const response = await ports.fetch(ports.baseUrl.replace(/\/+$/, '') + asked.path, {
      method: asked.method,
      redirect: 'manual',
      signal: AbortSignal.any([ports.signal, limit.signal]),
      headers: {
        accept: 'application/json',
        'private-token': ports.token,
        'user-agent': 'orchestrator',
        ...(asked.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(asked.body === undefined ? {} : { body: JSON.stringify(asked.body) }),
    });
    const bytes = await readBounded(response);
    if (bytes === null)
      return fail(trouble(`${what}: the answer is larger than ${ANSWER_LIMIT_BYTES} bytes`));
    return judge(asked, { status: response.status, headers: response.headers, bytes }, ports);
  } catch (error) {
    if (limit.signal.aborted) return fail(trouble(`${what}: no answer within ${limitMs} ms`));
    return fail(trouble(`${what}: no answer: ${reasonOf(error)}`));
  } finally {
    clearTimeout(timer);
  }
}

function judge(asked: Asked, reply: Reply, ports: GitlabPorts): Result<Reply, Trouble> {
  const { status, headers } = reply;
  const what = `${asked.method} ${asked.path}`;
  const retryAfterMs = limitDelayMs(status, headers, ports.clock.now());
  if (retryAfterMs !== null) {
    const message = `${what}: the rate limit is used up (status ${status})`;
    const remedy = `ask again in ${Math.ceil(retryAfterMs / 1000)} s`;
    return fail({ status, message, remedy, retryAfterMs });
  }
  if (!asked.expect.includes(status)) {
    const { words, remedy } = describeStatus(status);
    return fail({ status, message: `${what}: status ${status}, ${words}`, remedy, retryAfterMs: null });
  }
  if (!/^application\/json\b/i.test(headers.get('content-type') ?? '')) {
    return fail(trouble(`${what}: the answer is no JSON`));
  }
  return ok(reply);
}

/** The body; null where it is larger than it may be. */
async function readBounded(response: Response): Promise<Uint8Array | null> {
  if (response.body === null) return new Uint8Array();
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body) {
    size += part.byteLength;
    if (size > ANSWER_LIMIT_BYTES) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** A short reason without anything that was sent: the message of the innermost cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason';
  const inner = error.cause instanceof Error ? error.cause : error;
  return inner.message.slice(0, 200);
}
