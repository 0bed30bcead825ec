/** A collector on loopback that decodes what it gets, and answers as a test wants. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { Test } from 'tap';
import { readBinary, readJson, type Signal } from './otlp-definitions.ts';
import { type SeenPoint, type SeenSender, type SeenSpan, seenPoints, seenSender, seenSpans } from './seen.ts';

export interface Request {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly sender: SeenSender;
}

export interface Collector {
  readonly url: string;
  readonly requests: readonly Request[];
  /** What could not be decoded. */
  readonly problems: readonly string[];
  spans(): readonly SeenSpan[];
  points(metric: string): readonly SeenPoint[];
  /** The spans of kind SERVER. */
  roots(): readonly SeenSpan[];
  task(name: string): SeenSpan | undefined;
  clear(): void;
}

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** Starts one that is there until the test ends. */
export async function startCollector(
  t: Test,
  answer: Answer = (response) => response.end(),
): Promise<Collector> {
  const spans: SeenSpan[] = [];
  const points: SeenPoint[] = [];
  const requests: Request[] = [];
  const problems: string[] = [];
  const receive = (request: IncomingMessage, body: Buffer): void => {
    const signal: Signal = request.url?.includes('metrics') === true ? 'metrics' : 'traces';
    const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
    const isJson = request.headers['content-type'] === 'application/json';
    const message = isJson ? readJson(signal, plain.toString()) : readBinary(signal, plain);
    const { headers, url: path = '' } = request;
    requests.push({ path, headers, body: plain.toString('latin1'), sender: seenSender(message) });
    if (signal === 'traces') spans.push(...seenSpans(message));
    else points.push(...seenPoints(message));
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      try {
        receive(request, Buffer.concat(chunks));
      } catch (error) {
        problems.push(String(error));
      }
      answer(response, request);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  // A server that listens on TCP has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    ...{ requests, problems },
    spans: () => spans,
    points: (metric) => points.filter((one) => one.metric === metric),
    roots: () => spans.filter((one) => one.kind === 2),
    task: (name) => spans.find((one) => one.kind === 1 && one.name === name),
    clear: () => {
      for (const list of [spans, points, requests, problems]) list.length = 0;
    },
  };
}
