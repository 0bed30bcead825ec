import { request as overHttp } from 'node:http';
import { request as overTls } from 'node:https';
import { fail, ok, type Result } from '../core/result.ts';

/** One request to a collector. */
export interface OtlpPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** PEM; null trusts the usual authorities. */
  readonly certificate: string | null;
  readonly signal: AbortSignal;
}

/**
 * Sends it and gives the status of the answer; nothing else of the answer is read, and a redirect is not followed: the
 * headers are for one place only. The failure is a code such as ECONNREFUSED.
 */
export function otlpPost({
  url,
  headers,
  body,
  certificate,
  signal,
}: OtlpPost): Promise<Result<number, string>> {
  const send = url.startsWith('https:') ? overTls : overHttp;
  const tls = certificate === null ? {} : { ca: certificate };
  return new Promise((resolve) => {
    const settle = (answer: Result<number, string>): void => resolve(answer);
    try {
      const request = send(url, {
        ...{ method: 'POST', agent: false, signal, ...tls },
        headers: { ...headers, 'content-length': body.length },
      });
      request.on('response', (response) => {
        settle(ok(response.statusCode ?? 0));
        response.on('error', () => {});
        response.destroy();
      });
      request.on('upgrade', (_response, socket) => {
        settle(ok(101));
        socket.destroy();
      });
      request.on('error', (error) => settle(fail(codeOf(error))));
      request.on('close', () => settle(fail('no answer')));
      request.end(body);
    } catch (error) {
      settle(fail(codeOf(error)));
    }
  });
}

/** What went wrong as a word: what a message says beyond that may hold an address or a header. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : 'it could not be asked';
}
