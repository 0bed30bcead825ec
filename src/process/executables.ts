import { type Stats, statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { fail, ok, type Result } from '../core/result.ts';
import { findOnPath, isExecutableFile, readExecutableHead } from './shebang.ts';

/** Why a binary cannot be started; `message` is one line that names it. */
export interface ExecutableFailure {
  readonly errno: 'ENOENT' | 'EISDIR' | 'EACCES' | 'ENOEXEC';
  readonly message: string;
}

export interface ResolveOptions {
  /** PATH of the child's environment. */
  readonly path: string;
  /** Absolute: where a relative entry of PATH, or a `bin` with a slash that is not absolute, starts from. */
  readonly cwd: string;
}

/**
 * The absolute path of the file to execute. With a slash `bin` is a path, else it is looked up on PATH. Symbolic
 * links stay as they are: a program may look at the name it was called by.
 */
export function resolveExecutable(bin: string, options: ResolveOptions): Result<string, ExecutableFailure> {
  if (bin === '') return refuse('ENOENT', 'the binary has an empty name');
  if (!isPath(bin)) {
    const found = findOnPath(bin, absoluteFolders(options));
    return found === null
      ? refuse('ENOENT', `${bin} was not found on PATH (${options.path})`)
      : check(found, options);
  }
  return check(isAbsolute(bin) ? bin : resolve(options.cwd, bin), options);
}

function check(file: string, options: ResolveOptions): Result<string, ExecutableFailure> {
  const stat = statOf(file);
  if (typeof stat === 'string') return refuse('ENOENT', `${file} cannot be looked up: ${stat}`);
  if (stat === undefined) return refuse('ENOENT', `${file} does not exist`);
  if (stat.isDirectory()) return refuse('EISDIR', `${file} is a folder, expected an executable file`);
  if (!stat.isFile()) return refuse('EACCES', `${file} is not a regular file`);
  if (!isExecutableFile(file)) return refuse('EACCES', `${file} is not executable (chmod +x)`);
  if (process.platform === 'win32') return ok(file);
  const head = readExecutableHead(file, absoluteFolders(options));
  if (head.kind === 'problem') return refuse('ENOEXEC', `${file} ${head.problem}`);
  return ok(file);
}

/** undefined where there is nothing; in words where the path itself is impossible (too long, a loop of links). */
function statOf(file: string): Stats | undefined | string {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

function isPath(bin: string): boolean {
  return bin.includes('/') || (process.platform === 'win32' && bin.includes('\\'));
}

/** An empty or relative entry of PATH means the working directory, which for the child is `cwd`. */
function absoluteFolders(options: ResolveOptions): string {
  const separator = process.platform === 'win32' ? ';' : ':';
  return options.path
    .split(separator)
    .map((folder) => resolve(options.cwd, folder))
    .join(separator);
}

function refuse(errno: ExecutableFailure['errno'], message: string): Result<never, ExecutableFailure> {
  return fail({ errno, message });
}
