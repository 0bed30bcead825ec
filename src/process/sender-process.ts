import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type Delivery, parseDelivered } from '../formats/otlp/delivery.ts';

/** Variables that say how this machine finds and trusts others; the process that sends gets these and nothing else. */
const NETWORK_VARIABLES = [
  ...['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'RES_OPTIONS', 'LOCALDOMAIN', 'HOSTALIASES'],
  'SystemRoot',
];

/** What the process gets beyond the time that it gives the collector, until it is not waited for any more. */
const SLACK_MS = 500;

const NOT_SENT = 'the process that sends was not there';

/** Tells this program that it was started to send, and not by a person who typed the hidden argument. */
export const SENDER_VARIABLE = 'ORCHESTRATOR_TELEMETRY';

/** The process that sends. */
export interface SenderProcess {
  /**
   * Hands it a delivery; null when the collector took it, else why not, in words. Resolves at the latest half a second
   * after the delivery's own limit, whatever becomes of the process; never rejects.
   */
  readonly deliver: (delivery: Omit<Delivery, 'id'>) => Promise<string | null>;
  /** Kills it: what is under way is lost. */
  readonly end: () => void;
}

export interface SenderOptions {
  /** How to start this program as a sender. */
  readonly self: { readonly file: string; readonly args: readonly string[] };
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Starts the process. To be called before the reaper is started: what is started later carries this invocation's mark
 * and would be ended with a stage; and after the caller's descriptors were closed, which it would keep open. It has a session of its own, so that a Ctrl-C does not reach it.
 */
export function startSender(options: SenderOptions): SenderProcess {
  const waiting = new Map<number, (problem: string | null) => void>();
  const settle = (id: number, problem: string | null): void => {
    const settled = waiting.get(id);
    waiting.delete(id);
    settled?.(problem);
  };
  let gone = false;
  const leave = (): void => {
    gone = true;
    for (const id of [...waiting.keys()]) settle(id, NOT_SENT);
  };
  const child = spawnSender(options, leave, settle);
  let last = 0;
  return {
    deliver: (delivery) =>
      new Promise((resolve) => {
        if (gone || child === null) return resolve(NOT_SENT);
        const id = ++last;
        const { timeoutMs } = delivery;
        const timer = setTimeout(() => settle(id, `no answer within ${timeoutMs} ms`), timeoutMs + SLACK_MS);
        waiting.set(id, (problem) => {
          clearTimeout(timer);
          resolve(problem);
        });
        child.stdin?.write(`${JSON.stringify({ id, ...delivery })}\n`);
      }),
    end: () => {
      child?.kill('SIGKILL');
      leave();
    },
  };
}

/** null where this machine cannot start one now. */
function spawnSender(
  { self, env }: SenderOptions,
  leave: () => void,
  settle: (id: number, problem: string | null) => void,
): ChildProcess | null {
  const passed = Object.fromEntries(NETWORK_VARIABLES.map((name) => [name, env[name]]));
  try {
    const child = spawn(self.file, self.args, {
      cwd: '/',
      env: { ...passed, [SENDER_VARIABLE]: '1' },
      ...{ detached: true, windowsHide: true },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    child.on('error', leave);
    child.on('exit', leave);
    child.stdin?.on('error', () => {});
    child.stdout?.on('error', () => {});
    if (child.stdout) {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const answer = parseDelivered(line);
        if (answer !== null) settle(answer.id, answer.problem);
      });
    }
    child.unref();
    return child;
  } catch {
    return null;
  }
}
