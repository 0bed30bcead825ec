type Environment = Readonly<Record<string, string | undefined>>;

export const SIGNALS = ['traces', 'metrics'] as const;
export type Signal = (typeof SIGNALS)[number];

/** A variable of OpenTelemetry; an empty one is not set (Environment Variable Specification, "Empty value"). */
export function otelVariable(env: Environment, name: string): string | null {
  const value = (env[name] ?? '').trim();
  return value === '' ? null : value;
}

/** `OTEL_EXPORTER_OTLP_<SIGNAL>_<name>`, which comes first, or `OTEL_EXPORTER_OTLP_<name>`; and which it was. */
export function signalVariable(
  env: Environment,
  signal: Signal,
  name: string,
): { readonly name: string; readonly value: string } | null {
  const own = `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${name}`;
  for (const one of [own, `OTEL_EXPORTER_OTLP_${name}`]) {
    const value = otelVariable(env, one);
    if (value !== null) return { name: one, value };
  }
  return null;
}

/** Whether anybody has named a collector. Cheap: it is asked at the start of every run. */
export function namesCollector(env: Environment): boolean {
  return SIGNALS.some((signal) => signalVariable(env, signal, 'ENDPOINT') !== null);
}

/**
 * `key1=value1,key2=value2`, percent-encoded (W3C Baggage, without metadata): OTEL_EXPORTER_OTLP_HEADERS and
 * OTEL_RESOURCE_ATTRIBUTES. null where an entry is no pair.
 */
export function parsePairs(text: string): readonly (readonly [name: string, value: string])[] | null {
  const pairs: (readonly [string, string])[] = [];
  for (const entry of text.split(',')) {
    if (entry.trim() === '') continue;
    const cut = entry.indexOf('=');
    const name = decoded(entry.slice(0, cut).trim());
    const value = decoded(entry.slice(cut + 1).trim());
    if (cut < 1 || name === null || name === '' || value === null) return null;
    pairs.push([name, value]);
  }
  return pairs;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
