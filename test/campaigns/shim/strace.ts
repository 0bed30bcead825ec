import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Why there is no strace here; null where there is. */
export function whyNoStrace(): string | null {
  try {
    execFileSync('strace', ['-o', '/dev/null', 'true'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'needs strace, and the right to trace';
  }
}

/** The system calls that change files, by the names that the shim has for them. */
const CALLS: Readonly<Record<string, string>> = {
  ...{ open: 'open', openat: 'open', creat: 'open' },
  ...{ write: 'write', pwrite64: 'write', writev: 'write', pwritev: 'write', pwritev2: 'write' },
  ...{ fsync: 'fsync', fdatasync: 'fsync', ftruncate: 'truncate', truncate: 'truncate' },
  ...{ rename: 'rename', renameat: 'rename', renameat2: 'rename', link: 'link', linkat: 'link' },
  ...{ symlink: 'symlink', symlinkat: 'symlink', mkdir: 'mkdir', mkdirat: 'mkdir' },
  ...{ unlink: 'unlink', unlinkat: 'unlink', rmdir: 'rmdir', copy_file_range: 'write', sendfile: 'write' },
};

/** What is put before a command line, so that each of its threads and processes gets a file `<prefix>.<id>`. */
export function traceInto(prefix: string): readonly string[] {
  return [
    'strace',
    '-ff',
    '-y',
    '-s',
    '4096',
    '-o',
    prefix,
    '-e',
    `trace=execve,${Object.keys(CALLS).join()}`,
  ];
}

/** What the process that `executable` was started as did below `root`, in the form of the shim's log. */
export function tracedOperations(prefix: string, executable: string, root: string): readonly string[] {
  const traces = readdirSync(dirname(prefix))
    .filter((name) => name.startsWith(`${basename(prefix)}.`))
    .map((name) => readFileSync(join(dirname(prefix), name), 'utf8').split('\n'));
  const own = traces.find(([first]) => first?.startsWith(`execve("${executable}"`) === true) ?? [];
  return own.flatMap((line) => {
    const operation = readCall(line);
    if (operation === null) return [];
    const [op, path] = operation;
    if (path !== root && !path.startsWith(`${root}/`)) return [];
    return [`${op} ${path === root ? '.' : path.slice(root.length + 1)}`];
  });
}

function readCall(line: string): readonly [op: string, path: string] | null {
  const call = /^(\w+)\((.*)\)\s+= /.exec(line);
  const op = CALLS[call?.[1] ?? ''];
  const args = call?.[2] ?? '';
  if (op === undefined) return null;
  if (op === 'open' && !/O_WRONLY|O_RDWR|O_CREAT|O_TRUNC/.test(args)) return null;
  const isRemoval = args.includes('AT_REMOVEDIR');
  const byDescriptor = /^\d+<([^>]*)>/.exec(args);
  if (['write', 'fsync', 'truncate'].includes(op)) return [op, byDescriptor?.[1] ?? ''];
  // The last name is the one that appears, changes or goes, relative to the folder before it.
  const named = [...args.matchAll(/(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"([^"]*)"/g)].at(-1);
  const [, folder = '', name = ''] = named ?? [];
  return [isRemoval ? 'rmdir' : op, name.startsWith('/') ? name : join(folder, name)];
}
