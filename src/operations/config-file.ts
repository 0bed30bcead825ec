import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { type Failure, failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { type ConfigDocument, type ConfigProblem, checkConfig, describePath } from '../formats/config.ts';
import { type ConfigSyntax, type ConfigText, type Place, parseConfigText } from '../formats/config-text.ts';
import { printable } from '../formats/printable.ts';
import { describeKind } from '../store/file-kind.ts';
import { describeErrno, errnoOf } from '../store/io-failure.ts';
import { readUpTo } from '../store/read-regular-file.ts';

/** A config file may be this large, in bytes. */
const MAX_BYTES = 1024 * 1024;

/** A config file as read; `shown` is its path as the operator wrote it, for origins and messages. */
export interface ConfigFile {
  readonly shown: string;
  readonly document: ConfigDocument;
  readonly bytes: Uint8Array;
}

/** What is wrong with a config file: one line each, `file:line:column: key: what was expected`. */
export type ConfigFileProblems = readonly string[];

/**
 * Reads a config file: a regular file (a link to one counts), at most 1 MiB, JSON or YAML by its extension.
 * Nothing is waited for: a named pipe is refused, not opened.
 */
export async function readConfigFile(
  path: string,
  cwd: string,
): Promise<Result<ConfigFile, ConfigFileProblems>> {
  const shown = printable(path);
  const syntax = syntaxOf(path);
  if (syntax === null) return fail([`${shown}: expected a file name that ends in .json, .yaml or .yml`]);
  const bytes = readBounded(resolve(cwd, path));
  if (!bytes.ok) return fail([`${shown}: ${bytes.failure}`]);
  const text = await parseConfigText(bytes.value, syntax);
  if (!text.ok) return fail([`${shown}${suffix(text.failure.place)}: ${text.failure.problem}`]);
  if (text.value.value === null || text.value.value === undefined)
    return ok({ shown, document: {}, bytes: bytes.value });
  const checked = await checkConfig(text.value.value);
  if (checked.ok) return ok({ shown, document: checked.value, bytes: bytes.value });
  return fail(await describeProblems(shown, text.value, checked.failure));
}

/** The problems of a config file as the one line that ends a command; the rest is a command away. */
export function configFailure(problems: ConfigFileProblems, path: string): Failure {
  const more = problems.length - 1;
  const rest = more === 0 ? '' : ` (and ${more} more: orchestrator config validate ${printable(path)})`;
  return failure('usage', `--config: ${problems[0] ?? ''}${rest}`);
}

/** JSON or YAML, null for a name that says neither. */
export function syntaxOf(path: string): ConfigSyntax | null {
  const extension = extname(path).toLowerCase();
  if (extension === '.json') return 'json';
  return extension === '.yaml' || extension === '.yml' ? 'yaml' : null;
}

function readBounded(path: string): Result<Buffer, string> {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0));
  } catch (error) {
    return fail(`cannot be read: ${describeErrno(errnoOf(error))}`);
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return fail(`expected a regular file, got ${describeKind(stats)}`);
    const bytes = readUpTo(descriptor, Math.min(stats.size, MAX_BYTES) + 1);
    return bytes.length > MAX_BYTES ? fail(`expected at most ${MAX_BYTES} bytes, got more`) : ok(bytes);
  } catch (error) {
    return fail(`cannot be read: ${describeErrno(errnoOf(error))}`);
  } finally {
    closeSync(descriptor);
  }
}

async function describeProblems(
  shown: string,
  text: ConfigText,
  problems: readonly ConfigProblem[],
): Promise<ConfigFileProblems> {
  const placed = await Promise.all(
    problems.map(async ({ path, problem }) => ({
      place: await text.locate(path),
      text: path.length === 0 ? problem : `${describePath(path)}: ${problem}`,
    })),
  );
  return placed
    .sort((a, b) => order(a.place, b.place))
    .map((one) => `${shown}${suffix(one.place)}: ${one.text}`);
}

function order(one: Place | null, other: Place | null): number {
  return (one?.line ?? 0) - (other?.line ?? 0) || (one?.column ?? 0) - (other?.column ?? 0);
}

function suffix(place: Place | null): string {
  return place === null ? '' : `:${place.line}:${place.column}`;
}
