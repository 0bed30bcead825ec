import { scanJson } from '../json-scan.ts';

/** A JSON object as it came from outside. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A line, or several, as a JSON object; null where it is none. */
export function parseObject(text: string): JsonObject | null {
  const value = parseJson(text);
  return isObject(value) ? value : null;
}

/** No agent nests its events deeper; what does is no JSON here. */
const MAX_DEPTH = 512;

/** The value of a JSON text; undefined where it is none, or one that two readers could understand differently. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return scanJson(text, MAX_DEPTH) === null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a text is JSON for some readers and not for others: whoever takes it has to choose. */
export function isAmbiguous(text: string): boolean {
  try {
    JSON.parse(text);
    return scanJson(text, MAX_DEPTH) !== null;
  } catch {
    return false;
  }
}

/** The larger of two figures for the same; not known where one of them is not. */
export function larger(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : Math.max(one, other);
}

export function objectAt(value: JsonObject, key: string): JsonObject | null {
  const found = Object.hasOwn(value, key) ? value[key] : undefined;
  return isObject(found) ? found : null;
}

/** A text, no longer than a message may be; null where there is none. */
export function textAt(value: JsonObject, key: string): string | null {
  const found = Object.hasOwn(value, key) ? value[key] : undefined;
  return typeof found === 'string' ? found.slice(0, 300) : null;
}

/** A finite number from 0 on; anything else is not known. */
export function amountAt(value: JsonObject | null, key: string): number | null {
  const found = value !== null && Object.hasOwn(value, key) ? value[key] : undefined;
  return typeof found === 'number' && Number.isFinite(found) && found >= 0 ? found : null;
}

/** A whole number from 0 on; anything else is not known. */
export function countAt(value: JsonObject | null, key: string): number | null {
  const found = amountAt(value, key);
  return found !== null && Number.isSafeInteger(found) ? found : null;
}

/** A sum is known only where each part is. */
export function sum(parts: readonly (number | null)[]): number | null {
  return parts.reduce<number | null>(
    (total, part) => (total === null || part === null ? null : total + part),
    0,
  );
}

/** A count that an agent may leave out where it is 0; where it is there it must be one. */
export function optionalCount(value: JsonObject | null, key: string): number | null {
  if (value === null) return null;
  return Object.hasOwn(value, key) && value[key] !== null ? countAt(value, key) : 0;
}
