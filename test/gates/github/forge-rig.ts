import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';
import type { Clock } from '../../../src/core/clock.ts';
import type { GateReading } from '../../../src/core/gates/gate-document.ts';
import type { CiRules } from '../../../src/core/gates/gate-plan.ts';
import { newGithubMemory } from '../../../src/gates/github/memory.ts';
import type { GithubPorts, ReadPurpose } from '../../../src/gates/github/ports.ts';
import { type GithubReading, readGithubCi } from '../../../src/gates/github/read-github.ts';

export const HEAD = 'a'.repeat(40);

/** What one request gets. `cut` sends half of the body, `hold` nothing at all. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly end?: 'whole' | 'cut' | 'hold';
}

export interface Seen {
  readonly method: string;
  /** Path and query, without the base. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Answers = (seen: Seen) => Reply | null;

/** A loopback forge. */
export interface TinyForge {
  readonly baseUrl: string;
  readonly seen: Seen[];
}

/** Serves `answers` below `/api/v3`; null is a 404. It ends with the test. */
export async function tinyForge(t: Test, answers: (forge: TinyForge) => Answers): Promise<TinyForge> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const forge = { baseUrl: `http://127.0.0.1:${portOf(server)}/api/v3`, seen: [] as Seen[] };
  const answer = answers(forge);
  server.on('request', async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const { method = '', url = '', headers } = request;
    const seen = { method, path: url.replace('/api/v3', ''), headers, body: Buffer.concat(parts).toString() };
    forge.seen.push(seen);
    const reply = answer(seen) ?? { status: 404, body: { message: 'Not Found' } };
    if (reply.end === 'hold') return;
    const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? null);
    const bytes = reply.status === 304 ? Buffer.alloc(0) : Buffer.from(text);
    response.writeHead(reply.status ?? 200, {
      'content-type': 'application/json',
      ...(reply.status === 304 ? {} : { 'content-length': bytes.length }),
      ...reply.headers,
    });
    if (reply.end === 'cut') response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
    else response.end(bytes);
  });
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return forge;
}

function portOf(server: Server): number {
  // A server that listens on a port has an address of this kind.
  return (server.address() as AddressInfo).port;
}

export function pullBody(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    number: 7,
    state: 'open',
    merged: false,
    draft: false,
    html_url: 'https://forge.example/octo/repo/pull/7',
    user: { id: 1, login: 'author', type: 'User' },
    head: { sha: HEAD, ref: 'work', repo: { full_name: 'octo/repo' } },
    base: { sha: 'b'.repeat(40), ref: 'main', repo: { full_name: 'octo/repo' } },
    merge_commit_sha: null,
    commits: 1,
    ...more,
  };
}

export function runBody(id: number, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const app = { id: 15_368, slug: 'github-actions' };
  return { id, name: 'build', head_sha: HEAD, status: 'completed', conclusion: 'success', app, ...more };
}

export function runsBody(runs: readonly unknown[], total = runs.length): Record<string, unknown> {
  return { total_count: total, check_runs: runs };
}

/** A pull request whose one required check passed. */
export function greenAnswer({ path, method }: Pick<Seen, 'path' | 'method'>): Reply | null {
  const [route = ''] = path.split('?');
  if (method !== 'GET') return null;
  if (route.endsWith('/pulls/7')) return { body: pullBody() };
  if (route.includes('/rules/branches/')) return { body: [] };
  if (route.endsWith('/check-suites'))
    return { body: { total_count: 1, check_suites: [{ id: 1, head_sha: HEAD }] } };
  if (route.endsWith('/status')) return { body: { sha: HEAD, total_count: 0, statuses: [] } };
  if (route.endsWith('/check-runs')) return { body: runsBody([runBody(1)]) };
  return null;
}

/** A clock that stands still until it is moved. */
export interface SetClock extends Clock {
  readonly advance: (ms: number) => void;
}

export function setClock(startMs = 1_800_000_000_000): SetClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    monotonic: () => nowMs,
    advance: (ms) => {
      nowMs += ms;
    },
  };
}

export function portsFor(baseUrl: string, more: Partial<GithubPorts> = {}): GithubPorts {
  return {
    fetch: globalThis.fetch,
    clock: setClock(),
    token: 'secret-token',
    baseUrl,
    cacheFile: null,
    signal: new AbortController().signal,
    memory: newGithubMemory(),
    ...more,
  };
}

export function readingOf(
  gate: 'ci' | 'review',
  ports: GithubPorts,
  purpose: ReadPurpose = 'closing',
): GithubReading {
  const subject = { head_sha: HEAD, base_sha: null, tree_digest: null, run_id: 'run' };
  const nowSecs = Math.floor(ports.clock.now() / 1000);
  return {
    question: { gate, moment: 'closure', subject, planDigest: null, nowSecs },
    source: { kind: 'github', text: 'github:octo/repo#7', owner: 'octo', repo: 'repo', number: 7 },
    ports,
    purpose,
  };
}

export const BUILD_REQUIRED: CiRules = {
  required: [{ name: 'build', app: null, accept: [] }],
  acceptFlaky: false,
};

export function readCi(ports: GithubPorts, purpose: ReadPurpose = 'closing'): Promise<GateReading> {
  return readGithubCi(readingOf('ci', ports, purpose), BUILD_REQUIRED);
}

/** The codes that close the gate. */
export function codesOf(reading: GateReading): readonly string[] {
  return reading.document.details.filter((detail) => detail.blocks).map((detail) => detail.code);
}
