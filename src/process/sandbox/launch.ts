import type { CommandEnd, CommandSpec } from '../command.ts';
import type { StartOptions } from '../start-child.ts';
import { sandboxOptions } from './mounts.ts';
import { readSandboxStatus } from './sandbox-status.ts';

/** What is started for a command, and how its end is understood. */
export interface Launch extends Pick<StartOptions, 'file' | 'args' | 'cwd' | 'env' | 'input'> {
  /** Listens to the first words on stderr: of a sandbox that fails, they say why. */
  readonly hear: (chunk: Buffer) => void;
  /** The end of the command, given how the process that was started has ended and what it has reported. */
  readonly judge: (end: CommandEnd, reported: string) => CommandEnd;
}

/** The descriptors that bubblewrap reads its options from and reports on. */
const OPTIONS_FD = '3';
const STATUS_FD = '4';
const HEARD_BYTES = 512;

/** How a command is started: as it is, or by bubblewrap. */
export function launchOf(spec: CommandSpec): Launch {
  const { file, args, cwd, env, sandbox } = spec;
  if (sandbox === null) return { file, args, cwd, env, input: null, hear: () => {}, judge: (end) => end };
  let heard = Buffer.alloc(0);
  return {
    file: sandbox.bubblewrap,
    args: ['--args', OPTIONS_FD, '--', file, ...args],
    cwd: '/',
    // Its own environment can be read from inside, at /proc/1/environ.
    env: {},
    // Not as arguments: those of a process can be read by every user of the machine, and these hold variables.
    input: Buffer.from(
      [...sandboxOptions(sandbox.view), '--json-status-fd', STATUS_FD].map((one) => `${one}\0`).join(''),
    ),
    hear: (chunk) => {
      if (heard.length < HEARD_BYTES) heard = Buffer.concat([heard, chunk.subarray(0, HEARD_BYTES)]);
    },
    judge: (end, reported) => {
      if (end.kind !== 'exited' || readSandboxStatus(reported).ran) return end;
      const why = spec.mask.text(firstLine(heard));
      return {
        kind: 'spawn-failed',
        errno: 'ESANDBOX',
        message: `${file} did not start in the sandbox: ${why}`,
      };
    },
  };
}

function firstLine(heard: Buffer): string {
  const line = heard.toString('utf8').split('\n', 1)[0]?.trim() ?? '';
  return line === '' ? 'bubblewrap said nothing' : line;
}
