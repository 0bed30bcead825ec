import { createForge, type Recorded, type Tamper } from './forge.ts';
import type { Scenario } from './scenario.ts';

/** A forge that is reached without a socket: for thousands of answers. */
export interface InProcessForge {
  readonly github: string;
  readonly gitlab: string;
  readonly requests: readonly Recorded[];
  readonly fetch: typeof globalThis.fetch;
}

const ORIGIN = 'http://forge.invalid';

/** What the loopback server says, as a `fetch`; a held answer is one that never comes: it fails as an abort does. */
export function forgeInProcess(scenario: Scenario, nowSecs: () => number, tamper?: Tamper): InProcessForge {
  const core = createForge({ scenario, origin: ORIGIN, nowSecs, ...(tamper && { tamper }) });
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const text = await request.text();
    const url = new URL(request.url);
    if (url.origin !== ORIGIN) throw new TypeError(`fetch failed: ${url.origin} was asked`);
    const body: unknown = text === '' ? null : JSON.parse(text);
    const wire = core.answer({
      method: request.method,
      url,
      headers: Object.fromEntries(request.headers),
      body,
    });
    if (wire.end === 'held')
      throw new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    const bytes = new TextEncoder().encode(wire.text);
    const sent = wire.end === 'cut' ? cutStream(bytes) : wire.text;
    return new Response(wire.status === 304 || wire.status === 204 ? null : sent, {
      status: wire.status,
      headers: wire.headers,
    });
  };
  return { github: `${ORIGIN}/api/v3`, gitlab: `${ORIGIN}/api/v4`, requests: core.requests, fetch };
}

function cutStream(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start(controller): void {
      controller.enqueue(bytes.subarray(0, Math.floor(bytes.length / 2)));
      controller.error(new TypeError('terminated'));
    },
  });
}
