import { SIGNALS, type Signal } from '../../core/telemetry/otel-variables.ts';

/** What the process that sends is told, one JSON object on a line. */
export interface Delivery {
  /** Names it in the answer. */
  readonly id: number;
  readonly signal: Signal;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A PEM file; null trusts the usual authorities. */
  readonly certificate: string | null;
  readonly timeoutMs: number;
  /** Sent one after the other; base64. */
  readonly bodies: readonly string[];
}

/** What it answers, one JSON object on a line; `problem` is null where everything was taken. */
export interface Delivered {
  readonly id: number;
  readonly problem: string | null;
}

/** A word for what went wrong; longer ones come from nobody. */
const MAX_PROBLEM = 120;

/** Reads a line that this program has written to itself; null for anything else. */
export function parseDelivery(line: string): Delivery | null {
  const fields = fieldsOf(line);
  const { id, signal, url, headers, certificate, timeoutMs, bodies } = fields;
  const isComplete =
    typeof id === 'number' &&
    isSignal(signal) &&
    typeof url === 'string' &&
    typeof headers === 'object' &&
    headers !== null &&
    (certificate === null || typeof certificate === 'string') &&
    typeof timeoutMs === 'number' &&
    Array.isArray(bodies);
  if (!isComplete) return null;
  return {
    ...{ id, signal, url, certificate, timeoutMs },
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    bodies: bodies.map(String),
  };
}

/** Reads an answer; null for anything else. */
export function parseDelivered(line: string): Delivered | null {
  const { id, problem } = fieldsOf(line);
  if (typeof id !== 'number') return null;
  if (problem === null) return { id, problem };
  return typeof problem === 'string' ? { id, problem: problem.slice(0, MAX_PROBLEM) } : null;
}

function isSignal(value: unknown): value is Signal {
  return SIGNALS.some((signal) => signal === value);
}

function fieldsOf(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
