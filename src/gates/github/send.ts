import { fail, type Result } from '../../core/result.ts';
import { boundedFetch, type RawAnswer } from './bounded-fetch.ts';
import { type CallFailure, transient, untrusted } from './call-failure.ts';
import type { GithubPorts } from './ports.ts';
import { trimmed } from './same-forge.ts';

/** The version of the REST API that the shapes in formats/github are of. */
const API_VERSION = '2022-11-28';

const silent = (): void => undefined;

const SILENT_LOG = { debug: silent, info: silent, warn: silent, error: silent };

export interface ApiRequest {
  /** What is asked, in words. */
  readonly call: string;
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** A route with placeholders, or an absolute address below the base URL. */
  readonly url: string;
  /** Fill the placeholders; what is left goes into the query (GET) or the body. */
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  readonly etag: string | null;
}

/**
 * Sends one request. Octokit builds it (routes, query, authorization); what comes back is judged by our own code, which
 * is stricter: Octokit takes an answer that was cut for an empty one.
 */
export async function send(ports: GithubPorts, request: ApiRequest): Promise<Result<RawAnswer, CallFailure>> {
  const { call } = request;
  if (ports.token !== null && !/^[\x21-\x7e]+$/.test(ports.token)) {
    return fail({
      ...untrusted(call, ''),
      message: `${call}: the token is empty or has characters that no token has`,
    });
  }
  let answer: Result<RawAnswer, CallFailure> = fail(transient(call, 'it could not be asked'));
  const keeping: typeof globalThis.fetch = async (input, init) => {
    const { fetch, baseUrl, signal, timeoutMs } = ports;
    answer = await boundedFetch({ fetch, baseUrl, signal, timeoutMs, call }, String(input), init ?? {});
    return new Response(null, { status: 204 });
  };
  const octokit = await octokitOf(ports, keeping);
  const { parameters, method, url } = request;
  await octokit.request({ ...parameters, method, url, headers: headersOf(request) });
  return answer;
}

async function octokitOf(ports: GithubPorts, fetch: typeof globalThis.fetch) {
  const { Octokit } = await import('@octokit/core');
  return new Octokit({
    baseUrl: trimmed(ports.baseUrl),
    userAgent: 'orchestrator',
    log: SILENT_LOG,
    request: { fetch },
    ...(ports.token === null ? {} : { auth: ports.token }),
  });
}

function headersOf({ etag }: ApiRequest): Record<string, string> {
  return {
    accept: 'application/vnd.github+json',
    'x-github-api-version': API_VERSION,
    ...(etag === null ? {} : { 'if-none-match': etag }),
  };
}

/** The address that a request goes to, without sending it. */
export async function addressOf(
  ports: GithubPorts,
  url: string,
  parameters: ApiRequest['parameters'],
): Promise<string> {
  const octokit = await octokitOf(ports, ports.fetch);
  return octokit.request.endpoint({ ...parameters, method: 'GET', url }).url;
}
