/** Runs the executable in a real pseudo-terminal (python3's), and keeps what it shows. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { createScreen, type Screen } from '../fixtures/screen.ts';
import { EXECUTABLE, PATH, type Rig, type Unless, until } from './rig.ts';

const PYTHON = '/usr/bin/python3';
const PTY = join(import.meta.dirname, 'pty.py');

/** For `e2e`: counted as skipped, with the reason, where there is no pseudo-terminal to be had. */
export const NEEDS_PTY: Unless = {
  skip: existsSync(PYTHON) ? false : `no ${PYTHON}: nothing was tried in a terminal`,
};

export interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Started instead of the executable itself, with it as arguments. */
  readonly through?: readonly string[];
}

export interface InTerminal {
  readonly screen: Screen;
  /** All that was written. */
  readonly written: () => string;
  /** As a Python string: `\\x03` is ctrl-C. */
  readonly type: (text: string) => void;
  readonly resize: (columns: number, rows: number) => void;
  /** SIGKILL for what is in the foreground. */
  readonly kill: () => void;
  /** Waits until the screen shows this. */
  readonly shows: (what: RegExp) => Promise<void>;
  /** `exit N` or `signal N`. */
  readonly ended: Promise<string>;
}

/** Starts it; killed when the test is over. */
export function startInTerminal(
  t: Test,
  rig: Rig,
  args: readonly string[],
  options: TerminalOptions = {},
): InTerminal {
  const { columns = 80, rows = 24, through = [] } = options;
  const env = Object.entries({
    PATH,
    HOME: join(rig.base, 'home'),
    LANG: 'C.UTF-8',
    TERM: 'xterm',
    ...options.env,
  });
  const clean = ['-i', ...env.map(([name, value]) => `${name}=${value}`)];
  const argv = [PYTHON, PTY, String(columns), String(rows), ...through, EXECUTABLE, ...args];
  const child = spawn('/usr/bin/env', [...clean, ...argv], { cwd: rig.work, detached: true });
  t.teardown(() => {
    if (child.exitCode === null) child.kill('SIGKILL');
  });
  const screen = createScreen(columns, rows);
  let written = '';
  let told = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written += text;
    screen.write(text);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    told += text;
  });
  const say = (line: string): void => void child.stdin.write(`${line}\n`);
  return {
    screen,
    written: () => written,
    type: (text) => say(`type ${text}`),
    resize: (newColumns, newRows) => {
      screen.resize(newColumns, newRows);
      say(`size ${newColumns} ${newRows}`);
    },
    kill: () => say('kill'),
    shows: async (what) => {
      const shown = (): boolean => what.test(screen.rows().join('\n'));
      await until(`the screen shows ${what}`, shown).catch((error: unknown) => {
        throw new Error(`${String(error)}\n${screen.all().join('\n')}\n${told}`);
      });
    },
    ended: new Promise((done) => child.once('close', () => done(told.trim().split('\n').at(-1) ?? ''))),
  };
}
