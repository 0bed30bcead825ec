import { type ChildProcess, spawn } from 'node:child_process';

/** How a started executable ended. */
export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, stdout first. */
  readonly said: string;
  readonly ms: number;
  /** True when it had to be killed at the test's own limit. */
  readonly hung: boolean;
}

export interface Live {
  readonly pid: number;
  readonly finished: Promise<Finished>;
  /** Resolves at the end of the process itself, whoever still holds its pipes. */
  readonly exited: Promise<void>;
  signal(signal: NodeJS.Signals): void;
  killGroup(): void;
  stderr(): string;
  /** Both so far, stdout first. */
  said(): string;
}

export interface StartRequest {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly input: string | null;
  readonly limitMs: number;
}

/** Starts a process as leader of a group of its own, which is killed at `limitMs`. */
export function startProcess(request: StartRequest): Live {
  const [file = '', ...args] = request.argv;
  const began = performance.now();
  const child = spawn(file, args, {
    cwd: request.cwd,
    detached: true,
    stdio: [request.input === null ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(request.input ?? '');
  const killGroup = (): void => killQuietly(-(child.pid ?? Number.NaN));
  let hung = false;
  const limit = setTimeout(() => {
    hung = true;
    killGroup();
  }, request.limitMs);
  const exited = new Promise<void>((done) => child.once('exit', () => done()));
  const finished = ended(child).then(({ code, signal }) => {
    clearTimeout(limit);
    const ms = performance.now() - began;
    return { code, signal, stdout: stdout(), stderr: stderr(), said: stdout() + stderr(), ms, hung };
  });
  return {
    pid: child.pid ?? Number.NaN,
    ...{ finished, exited, killGroup, stderr, said: () => stdout() + stderr() },
    signal: (signal) => void child.kill(signal),
  };
}

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The end of the process; its pipes get half a second more, so that a survivor that holds them is no hang. */
function ended(child: ChildProcess): Promise<Ending> {
  return new Promise((done, refuse) => {
    child.once('error', refuse);
    child.once('close', (code, signal) => done({ code, signal }));
    child.once('exit', (code, signal) => {
      // Once more round the loop: on a loaded machine the time can be over before what it said has been read.
      setTimeout(() => setImmediate(() => done({ code, signal })), 500);
    });
  });
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: Buffer[] = [];
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // The group has ended.
  }
}
