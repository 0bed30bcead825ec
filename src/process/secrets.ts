import { parsePairs } from '../core/telemetry/otel-variables.ts';
import type { NameMatcher } from './name-globs.ts';
import { isLongEnough } from './secret-variants.ts';

/** A value that must not be seen. */
export interface Secret {
  readonly name: string;
  readonly value: string;
}

/** A value that cannot be masked because it is too short (1 to 5 bytes). */
export interface TooShort {
  readonly name: string;
  /** The operator asked for it by `--redact-env`: to be refused, never dropped silently. */
  readonly explicit: boolean;
}

export interface Secrets {
  readonly secrets: readonly Secret[];
  readonly tooShort: readonly TooShort[];
}

/** The last words of names that hold secrets: GITHUB_TOKEN, awsSecretAccessKey, DB_PWD. */
const SECRET_WORD =
  /(^|_)(\w*(TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|APIKEY|PRIVATEKEY|ACCESSKEY)S?|PASS|PWD|CREDS|KEYS?|AUTH|AUTHORIZATION|BEARER|COOKIE|JWT|PAT|DSN|WEBHOOK|PIN|SALT)(_|$)/;
/** Names about a secret that hold something else. */
const ABOUT_SECRET =
  /(^|_)(SOCK|SOCKET|FILE|PATH|DIR|TTL|TIMEOUT|LENGTH|COUNT|ENABLED|TYPE|HEADER|PUBLIC)(_|$)/;
/** Headers for a collector of telemetry are how it is told who sends. */
const TELEMETRY_HEADERS = /^OTEL_EXPORTER_OTLP_(\w+_)?HEADERS$/;
const HARMLESS = new Set(['PWD', 'OLDPWD', 'SSH_AUTH_SOCK', 'XAUTHORITY', 'GPG_TTY']);

/** Whether a variable of this name usually holds a secret (spec/orchestrate.md section 5). */
export function looksLikeSecret(name: string): boolean {
  if (HARMLESS.has(name)) return false;
  if (TELEMETRY_HEADERS.test(name)) return true;
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]/g, '_')
    .toUpperCase();
  return SECRET_WORD.test(words) && !ABOUT_SECRET.test(words);
}

export interface CollectOptions {
  readonly callerEnv: Readonly<Record<string, string | undefined>>;
  /** The roles' own variables. */
  readonly roleEnvs: readonly Readonly<Record<string, string>>[];
  /** `--redact-env`. */
  readonly redact: NameMatcher;
}

/**
 * The values to mask: of every variable, the caller's and the roles', that looks like a secret or is named by
 * `--redact-env`; and the password in any URL, whatever the variable is called.
 */
export function collectSecrets(options: CollectOptions): Secrets {
  const found = new Map<string, Secret>();
  const tooShort = new Map<string, TooShort>();
  for (const env of [options.callerEnv, ...options.roleEnvs]) {
    for (const [name, value] of Object.entries(env)) {
      if (value === undefined || value === '') continue;
      const explicit = options.redact(name);
      const password = passwordInUrl(value);
      if (password !== null && isLongEnough(password))
        found.set(`${name}=${password}`, { name, value: password });
      for (const word of TELEMETRY_HEADERS.test(name) ? headerWords(value) : [])
        found.set(`${name}=${word}`, { name, value: word });
      if (!explicit && !looksLikeSecret(name)) continue;
      if (isLongEnough(value)) found.set(`${name}=${value}`, { name, value });
      else tooShort.set(name, { name, explicit });
    }
  }
  return { secrets: [...found.values()], tooShort: [...tooShort.values()] };
}

/** Header values of at least this length are keys, whatever the header is called. */
const KEY_LENGTH = 16;

/**
 * The values of headers that are secrets, decoded, and the words in them: of `authorization=Bearer%20abcdef`, `abcdef`
 * too. Not the name of a tenant, which would be masked wherever the word stands.
 */
function headerWords(value: string): readonly string[] {
  const secrets = (parsePairs(value) ?? []).flatMap(([name, one]) =>
    looksLikeSecret(name) || one.length >= KEY_LENGTH ? [one] : [],
  );
  return [...secrets, ...secrets.flatMap((one) => one.split(/\s+/).slice(1))].filter(isLongEnough);
}

/** `postgres://user:password@host/db`: RFC 3986, userinfo. */
function passwordInUrl(value: string): string | null {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#:@]*:([^/?#@]+)@/i.exec(value)?.[1] ?? null;
}
