import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The first bytes of a file: the kernel reads no more of a `#!` line (execve(2)). */
const HEAD_BYTES = 256;

/** What the beginning of an executable says. `problem` is why it cannot be started directly, in words. */
export type ExecutableHead =
  | { readonly kind: 'program' }
  /** `named` is what `#!/usr/bin/env NAME` looks up on PATH. */
  | { readonly kind: 'script'; readonly interpreter: string; readonly named: string | null }
  | { readonly kind: 'problem'; readonly problem: string };

const ELF = '\x7fELF';

/** Reads the head of an executable file. `path` is the PATH of the child, for `#!/usr/bin/env NAME`. */
export function readExecutableHead(file: string, path: string): ExecutableHead {
  const head = firstBytes(file);
  if (head === null) return { kind: 'program' }; // Executable but not readable: only the kernel can tell.
  if (head.length === 0) return problem('is empty');
  if (head.toString('latin1', 0, 2) !== '#!') {
    // execvp(3) would give such a file to /bin/sh; there is no shell here unless the operator names one.
    if (head.toString('latin1', 0, 4) === ELF && !isElfProgram(head))
      return problem('is a damaged program file');
    return head.includes(0)
      ? { kind: 'program' }
      : problem('is a text file without a #! line: add one, or give the interpreter as the binary');
  }
  const line = head.toString('latin1', 2).split('\n', 1)[0] ?? '';
  if (line.endsWith('\r')) return problem('has a #! line that ends with a carriage return (CR LF line ends)');
  const [interpreter = '', ...words] = line.trim().split(/[ \t]+/);
  if (!isExecutableFile(interpreter))
    return problem(`needs the interpreter ${interpreter}, which does not exist`);
  const named = /(^|\/)env$/.test(interpreter) ? envTarget(words) : null;
  if (named !== null && findOnPath(named, path) === null) {
    return problem(`needs the interpreter ${named}, which is not on PATH`);
  }
  return { kind: 'script', interpreter, named };
}

/**
 * Whether an ELF header names a program (elf(5)): 32 or 64 bits, little-endian, executable or shared, with a table
 * of segments. The kernel refuses others with ENOEXEC, after which execvp(3) hands the file to a shell.
 */
function isElfProgram(head: Buffer): boolean {
  const wide = head[4] === 2;
  const tableAt = wide ? 54 : 42;
  if (head.length < tableAt + 4 || (head[4] !== 1 && !wide)) return false;
  if (head[5] !== 1) return head[5] === 2; // Big-endian: only the kernel of such a machine can tell.
  const type = head.readUInt16LE(16);
  const entryBytes = head.readUInt16LE(tableAt);
  return (type === 2 || type === 3) && entryBytes === (wide ? 56 : 32) && head.readUInt16LE(tableAt + 2) > 0;
}

/** The first file of this name in the folders of PATH that is a file and executable. */
export function findOnPath(name: string, path: string): string | null {
  if (name.includes('/')) return isExecutableFile(name) ? name : null;
  for (const folder of path.split(delimiter)) {
    const file = join(folder === '' ? '.' : folder, name);
    if (isExecutableFile(file)) return file;
  }
  return null;
}

export function isExecutableFile(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** `env [-S] [-i] [A=B…] NAME`: the name that is looked up. */
function envTarget(words: readonly string[]): string | null {
  return words.find((word) => !word.startsWith('-') && !word.includes('=')) ?? null;
}

function firstBytes(file: string): Buffer | null {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch {
    return null;
  }
  try {
    const buffer = Buffer.alloc(HEAD_BYTES);
    return buffer.subarray(0, readSync(fd, buffer, 0, HEAD_BYTES, 0));
  } catch {
    return null;
  } finally {
    closeSync(fd);
  }
}

function problem(text: string): ExecutableHead {
  return { kind: 'problem', problem: text };
}
