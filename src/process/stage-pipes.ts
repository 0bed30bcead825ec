import { closeSync, constants, openSync, readlinkSync, readSync } from 'node:fs';

/** One real pipe: `read` is ours and does not block, `write` is what a child gets. */
export interface StagePipe {
  readonly read: number;
  readonly write: number;
  /** `pipe:[12345]`, as /proc shows it. */
  readonly link: string;
}

/**
 * Opens a pipe that another process holds at a descriptor, as a pipe of our own. Node hands its children socket
 * pairs, and on Linux a socket cannot be opened again by name: `echo x > /dev/stderr` would fail in every
 * stage. The reaper's shell can make pipes without any file; they are also twice as fast. Null where this does
 * not work; the caller takes socket pairs then.
 */
export function openStagePipe(pid: number, descriptor: number): StagePipe | null {
  const path = `/proc/${pid}/fd/${descriptor}`;
  const opened: number[] = [];
  try {
    const link = readlinkSync(path);
    if (!link.startsWith('pipe:[')) return null;
    const read = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    opened.push(read);
    drain(read);
    const write = openSync(path, constants.O_WRONLY);
    opened.push(write);
    if (readlinkSync(`/proc/self/fd/${write}`) === link) return { read, write, link };
    closeAll(opened);
    return null;
  } catch {
    closeAll(opened);
    return null;
  }
}

/** What an earlier stage left in the pipe is not this one's output. Ends with EOF, as nobody writes. */
function drain(fd: number): void {
  const buffer = Buffer.allocUnsafe(65536);
  try {
    while (readSync(fd, buffer) > 0);
  } catch {
    // EAGAIN: somebody still holds the other end, and it is empty.
  }
}

function closeAll(descriptors: readonly number[]): void {
  for (const descriptor of descriptors) closeSync(descriptor);
}

/** Closes both ends of a pipe that no child was started with. */
export function closeStagePipe(pipe: StagePipe): void {
  closeAll([pipe.read, pipe.write]);
}
