import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Bench } from './bench-folder.ts';
import { type Command, median, pairedRatios, timeOnce, timeRoundRobin } from './measure.ts';
import type { Row } from './table.ts';

const PYTHON = '/usr/bin/python3';
const PTY = resolve(import.meta.dirname, '../e2e/pty.py');

/** As an agent prints: a write for each line. */
const AGENT = '#!/usr/bin/perl\n$| = 1;\nprint "line $_ of what an agent prints\\n" for 1 .. 1_000_000;\n';

/** As an agent works: two hundred lines a second, for two seconds. */
const WORKING =
  '#!/usr/bin/perl\n$| = 1;\nfor (1 .. 400) { print "step $_ of what an agent does\\n"; select(undef, undef, undef, 0.005) }\n';

/** Progress may cost so much of a run's time, in percent. */
const SHARE = 2;

/**
 * What progress costs on a terminal. A run of an agent at work with the live block, and with `--quiet`: the processor time
 * that the former takes more, as a share of the run's time, which it cannot be longer by. `--quiet` twice shows how far
 * such a figure is off by chance; where that is more than half of what is held, nothing is. A child that prints a million
 * lines shows the worst. No row where there is no pseudo-terminal or no perl.
 */
export function measureProgressCost(bench: Bench, rounds: number): readonly Row[] {
  if (!existsSync(PYTHON) || !existsSync('/usr/bin/perl')) return [];
  return [...measureAtWork(bench, rounds), ...measureFlood(bench, rounds)];
}

function measureAtWork(bench: Bench, rounds: number): readonly Row[] {
  const agent = writeAgent(bench.folder, 'at-work', WORKING);
  const costs: number[] = [];
  const chances: number[] = [];
  const walls: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const measure = (name: string, ...flags: readonly string[]) =>
      processorTime(bench, join(bench.folder, `at-work-${round}-${name}`), [
        '--manager-bin',
        agent,
        ...flags,
      ]);
    const quiet = measure('a', '--quiet');
    const block = measure('b');
    const again = measure('c', '--quiet');
    costs.push((100 * (block.processor - quiet.processor)) / block.wall);
    chances.push((100 * (again.processor - quiet.processor)) / again.wall);
    walls.push(1000 * block.wall);
  }
  const isDecided = Math.abs(median(chances)) <= SHARE / 2;
  const held = (figure: number, bound: number | null) => ({ figure, unit: ' %', bound });
  const name = `an agent at work, live block${isDecided ? '' : ' (too noisy to hold)'}`;
  return [
    { ...row('an agent at work, --quiet twice', walls, null), ...held(median(chances), null) },
    { ...row(name, walls, null), ...held(median(costs), isDecided ? SHARE : null) },
  ];
}

/** User and system time of a run on a terminal, and its length, in seconds as bash tells them. Throws when it fails. */
function processorTime(bench: Bench, out: string, flags: readonly string[]) {
  const { file, args } = bench.run(out, bench.plainRepository, flags);
  const told = `${out}.time`;
  const script = 'TIMEFORMAT="%U %S %R"; { time "$@"; } 2> "$0"';
  const shell = ['/bin/bash', '-c', script, told, file, ...args];
  timeOnce({ file: '/usr/bin/env', args: ['TERM=xterm', PYTHON, PTY, '80', '24', ...shell] });
  const [user = Number.NaN, system = Number.NaN, wall = Number.NaN] = (
    readFileSync(told, 'utf8').trim().split('\n').at(-1) ?? ''
  )
    .split(' ')
    .map(Number);
  return { processor: user + system, wall };
}

function writeAgent(folder: string, name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  chmodSync(file, 0o755);
  return file;
}

function inTerminal(bench: Bench, variable: string, flags: readonly string[], out: string): Command {
  const { file, args } = bench.run(out, bench.plainRepository, flags);
  return { file: '/usr/bin/env', args: [variable, PYTHON, PTY, '80', '24', file, ...args] };
}

function measureFlood(bench: Bench, rounds: number): readonly Row[] {
  const agent = writeAgent(bench.folder, 'million-lines', AGENT);
  const names = ['CI=1', 'TERM=xterm'] as const;
  const [plain = [], block = []] = timeRoundRobin(rounds, (round) =>
    names.map((name) =>
      inTerminal(bench, name, ['--manager-bin', agent], join(bench.folder, `progress-${round}-${name}`)),
    ),
  );
  return [
    row('million lines, plain on a terminal', plain, null),
    // The times of one such run differ by more than two hundredths: this holds a tenth.
    { ...row('million lines, live block', block, median(pairedRatios(block, plain))), bound: 1.1 },
  ];
}

function row(name: string, times: readonly number[], figure: number | null): Row {
  return {
    name,
    min: `${Math.min(...times).toFixed(0)} ms`,
    median: `${median(times).toFixed(0)} ms`,
    figure,
    unit: '×',
    bound: null,
  };
}
