import { parsePairs, type Signal, signalVariable } from './otel-variables.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Tell = (problem: string) => void;

export const OTLP_PROTOCOLS = ['http/protobuf', 'http/json'] as const;
export type OtlpProtocol = (typeof OTLP_PROTOCOLS)[number];

/** Where the requests of one signal go, and how. `url`, `headers` are secrets: only `shownAs` is ever printed. */
export interface Target {
  readonly url: string;
  /** Scheme, host and port. */
  readonly shownAs: string;
  readonly protocol: OtlpProtocol;
  readonly headers: Readonly<Record<string, string>>;
  /** At most this long is waited, for everything that is sent together. */
  readonly timeoutMs: number;
  readonly isCompressed: boolean;
  /** A PEM file to trust in place of the usual authorities; null trusts those. */
  readonly certificate: string | null;
}

/** How long the end of a run waits where OTEL_EXPORTER_OTLP_TIMEOUT says nothing; the standard's 10 s keep a person. */
export const DEFAULT_TIMEOUT_MS = 3_000;
/** Nobody may have a run wait longer for its telemetry. */
export const LONGEST_TIMEOUT_MS = 5_000;

/** What a caller's header would break, or send somewhere else. */
const OWN_HEADERS = new Set([
  ...['connection', 'content-encoding', 'content-length', 'content-type', 'expect', 'host', 'keep-alive'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade'],
]);

/** Reads the target of a signal; null where there is none that could be used, which is told unless nobody asked. */
export function readTarget(env: Environment, signal: Signal, tell: Tell): Target | null {
  const endpoint = signalVariable(env, signal, 'ENDPOINT');
  if (endpoint === null) return null;
  const url = urlOf(endpoint.value);
  if (url === null) {
    tell(`${endpoint.name}: expected an http or https URL; no ${signal} are sent`);
    return null;
  }
  const protocol = readProtocol(env, signal, tell);
  if (protocol === null) return null;
  const { protocol: scheme, host } = url;
  if (!endpoint.name.includes(signal.toUpperCase())) {
    url.pathname = `${url.pathname.replace(/\/+$/, '')}/v1/${signal}`;
  }
  return {
    url: url.href,
    shownAs: `${scheme}//${host}`,
    protocol,
    headers: readHeaders(env, signal, tell),
    timeoutMs: readTimeout(env, signal, tell),
    isCompressed: readCompression(env, signal, tell),
    certificate: signalVariable(env, signal, 'CERTIFICATE')?.value ?? null,
  };
}

function urlOf(text: string): URL | null {
  if (!/^https?:\/\/[^/]/i.test(text) || !URL.canParse(text)) return null;
  return new URL(text);
}

function readProtocol(env: Environment, signal: Signal, tell: Tell): OtlpProtocol | null {
  const given = signalVariable(env, signal, 'PROTOCOL');
  if (given === null) return 'http/protobuf';
  const known = OTLP_PROTOCOLS.find((one) => one === given.value);
  if (known !== undefined) return known;
  if (given.value === 'grpc') {
    tell(
      `${given.name}: grpc is not spoken here, expected http/protobuf or http/json; no ${signal} are sent`,
    );
    return null;
  }
  tell(`${given.name}: expected http/protobuf or http/json, taken for http/protobuf`);
  return 'http/protobuf';
}

function readHeaders(env: Environment, signal: Signal, tell: Tell): Readonly<Record<string, string>> {
  const given = signalVariable(env, signal, 'HEADERS');
  if (given === null) return {};
  const pairs = parsePairs(given.value);
  const isSendable = ([name, value]: readonly [string, string]) =>
    /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
  if (pairs === null || !pairs.every(isSendable)) {
    tell(`${given.name}: expected name=value,name=value; left out`);
    return {};
  }
  const lower = pairs.map(([name, value]) => [name.toLowerCase(), value] as const);
  return Object.fromEntries(lower.filter(([name]) => !OWN_HEADERS.has(name)));
}

function readTimeout(env: Environment, signal: Signal, tell: Tell): number {
  const given = signalVariable(env, signal, 'TIMEOUT');
  if (given === null) return DEFAULT_TIMEOUT_MS;
  if (!/^[0-9]{1,12}$/.test(given.value)) {
    tell(`${given.name}: expected milliseconds, taken for ${DEFAULT_TIMEOUT_MS}`);
    return DEFAULT_TIMEOUT_MS;
  }
  // 0 is "no limit" in the standard; here there always is one.
  return Math.min(LONGEST_TIMEOUT_MS, Number(given.value) || LONGEST_TIMEOUT_MS);
}

function readCompression(env: Environment, signal: Signal, tell: Tell): boolean {
  const given = signalVariable(env, signal, 'COMPRESSION');
  if (given === null || given.value === 'none') return false;
  if (given.value === 'gzip') return true;
  tell(`${given.name}: expected gzip or none, taken for none`);
  return false;
}
