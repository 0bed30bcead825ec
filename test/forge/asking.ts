import type { Test } from 'tap';
import { readScenario } from './scenario.ts';
import { type Forge, startForge } from './server.ts';

/** An answer as a test looks at it. */
export interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: unknown;
}

/** Starts a forge for one test, with what the scenario has beside an ordinary change. */
export async function forgeOf(t: Test, given: Readonly<Record<string, unknown>> = {}): Promise<Forge> {
  const verdict = { forge: 'github', gate: 'ci', status: 'success', passed: true, codes: [] };
  const forge = await startForge(readScenario({ shows: 'A test.', verdict, ...given }));
  t.teardown(() => forge.close());
  return forge;
}

/** Asks one of both APIs with the right token; redirects are left alone. */
export async function ask(url: string, init: RequestInit = {}): Promise<Got> {
  const headers = { authorization: 'Bearer forge-token', ...init.headers };
  const response = await fetch(url, { redirect: 'manual', ...init, headers });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parsed(text) };
}

/** Sends a document. */
export function send(method: string, url: string, body: unknown): Promise<Got> {
  return ask(url, { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
