import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { ForgeRequest } from './answer.ts';
import type { Wire } from './faults.ts';
import { createForge, type Recorded, type Tamper } from './forge.ts';
import type { Scenario } from './scenario.ts';
import type { World } from './world.ts';

/** A forge that listens on loopback. */
export interface Forge {
  readonly url: string;
  /** Base URL of GitHub's API, as a client is given it. */
  readonly github: string;
  /** Base URL of GitLab's API. */
  readonly gitlab: string;
  /** Every request so far, in order. */
  readonly requests: readonly Recorded[];
  readonly world: World;
  /** Called when an answer is held back for ever (fault `slow`). */
  onHeld: (() => void) | null;
  close(): Promise<void>;
}

/** Starts a forge with a scenario; `port` 0 takes any. */
export async function startForge(
  scenario: Scenario,
  { port = 0, tamper }: { readonly port?: number; readonly tamper?: Tamper } = {},
): Promise<Forge> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const url = `http://127.0.0.1:${address.port}`;
  const nowSecs = (): number => Math.floor(Date.now() / 1000);
  const core = createForge({ scenario, origin: url, nowSecs, ...(tamper && { tamper }) });
  const forge: Forge = {
    ...{ url, github: `${url}/api/v3`, gitlab: `${url}/api/v4`, requests: core.requests, world: core.world },
    onHeld: null,
    close: () => closeServer(server),
  };
  server.on('request', (incoming, outgoing) => {
    void readRequest(incoming, url).then((request) => {
      const wire = core.answer(request);
      if (wire.end === 'held') forge.onHeld?.();
      else send(outgoing, wire);
    });
  });
  return forge;
}

async function readRequest(incoming: IncomingMessage, base: string): Promise<ForgeRequest> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part);
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value ?? '')]),
  );
  const url = new URL(incoming.url ?? '/', base);
  return { method: incoming.method ?? 'GET', url, headers, body: parse(Buffer.concat(parts).toString()) };
}

function parse(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** A cut answer announces all of it and sends half. */
function send(outgoing: ServerResponse, wire: Wire): void {
  const bytes = Buffer.from(wire.text);
  outgoing.writeHead(wire.status, {
    ...wire.headers,
    ...(wire.status === 304 ? {} : { 'content-length': bytes.length }),
  });
  if (wire.end === 'whole') {
    outgoing.end(bytes);
    return;
  }
  outgoing.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => outgoing.destroy());
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
