import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { Signal } from '../core/telemetry/otel-variables.ts';
import { type Delivered, type Delivery, parseDelivery } from '../formats/otlp/delivery.ts';
import { otlpPost } from './otlp-post.ts';

/** Answers that may be better a moment later (OTLP specification, "Retryable Response Codes"). */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const RETRY_PAUSE_MS = 250;

export interface OtlpSenderOptions {
  readonly input: Readable;
  readonly write: (line: string) => void;
}

/**
 * The process that sends, as this program itself: it reads deliveries from its standard input and answers each. It is
 * one of its own because a look-up of a name cannot be broken off, and the runtime waits for it when it ends; this one
 * is simply killed. Resolves when its input ends.
 */
export async function runOtlpSender({ input, write }: OtlpSenderOptions): Promise<void> {
  const underWay = new Map<Signal, AbortController>();
  for await (const line of createInterface({ input })) {
    const delivery = parseDelivery(line);
    if (delivery === null) continue;
    // What is newer says more, and must not be overtaken.
    underWay.get(delivery.signal)?.abort();
    const limit = new AbortController();
    underWay.set(delivery.signal, limit);
    void deliver(delivery, limit).then((one) => write(`${JSON.stringify(one)}\n`));
  }
}

async function deliver(delivery: Delivery, limit: AbortController): Promise<Delivered> {
  const { id } = delivery;
  try {
    return { id, problem: await sendAll(delivery, limit) };
  } catch {
    return { id, problem: 'it could not be sent' };
  }
}

/** One time limit for all of it; the first problem ends it. */
async function sendAll(delivery: Delivery, limit: AbortController): Promise<string | null> {
  const certificate = readCertificate(delivery);
  if (certificate === undefined) return 'the certificate file could not be read';
  const timer = setTimeout(() => limit.abort(), delivery.timeoutMs);
  try {
    for (const body of delivery.bodies) {
      const content = { body: Buffer.from(body, 'base64'), certificate, signal: limit.signal };
      const problem = await sendOne(delivery, content);
      if (limit.signal.aborted) return `no answer within ${delivery.timeoutMs} ms`;
      if (problem !== null) return problem;
    }
    return null;
  } finally {
    clearTimeout(timer);
  }
}

interface Content {
  readonly body: Buffer;
  readonly certificate: string | null;
  readonly signal: AbortSignal;
}

async function sendOne({ url, headers }: Delivery, content: Content): Promise<string | null> {
  const first = await otlpPost({ url, headers, ...content });
  const isWorthTrying = first.ok && RETRYABLE.has(first.value);
  if (isWorthTrying) await pause(RETRY_PAUSE_MS);
  const answer = isWorthTrying ? await otlpPost({ url, headers, ...content }) : first;
  if (!answer.ok) return answer.failure;
  const status = answer.value;
  if (status >= 200 && status < 300) return null;
  return status >= 300 && status < 400 ? `HTTP ${status}, not followed` : `HTTP ${status}`;
}

/** undefined where it cannot be read: nothing else is trusted in its place. */
function readCertificate({ certificate }: Delivery): string | null | undefined {
  if (certificate === null) return null;
  try {
    return readFileSync(certificate, 'utf8');
  } catch {
    return undefined;
  }
}
