import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Bench } from './bench-folder.ts';
import { type Command, median, pairedRatios, timeRoundRobin } from './measure.ts';
import type { Row } from './table.ts';

const PYTHON = '/usr/bin/python3';
const PTY = resolve(import.meta.dirname, '../e2e/pty.py');

/** As an agent prints: a write for each line. */
const AGENT = '#!/usr/bin/perl\n$| = 1;\nprint "line $_ of what an agent prints\\n" for 1 .. 1_000_000;\n';

/** As an agent works: two hundred lines a second, for two seconds. */
const WORKING =
  '#!/usr/bin/perl\n$| = 1;\nfor (1 .. 400) { print "step $_ of what an agent does\\n"; select(undef, undef, undef, 0.005) }\n';

/** Progress may cost so much of a run's time. */
const SHARE = 0.02;

/**
 * What progress costs on a terminal. A run of an agent at work, with the live block against `--quiet`: the middle of
 * pairs that ran one after the other. The same pairs without a difference, `--quiet` twice, show how far such a figure is
 * off by chance; where that is more than half of what is held, nothing is. A child that prints a million lines shows the
 * worst. No row where there is no pseudo-terminal or no perl.
 */
export function measureProgressCost(bench: Bench, rounds: number): readonly Row[] {
  if (!existsSync(PYTHON) || !existsSync('/usr/bin/perl')) return [];
  return [...measureAtWork(bench, rounds + 4), ...measureFlood(bench, rounds)];
}

function measureAtWork(bench: Bench, rounds: number): readonly Row[] {
  const agent = writeAgent(bench.folder, 'at-work', WORKING);
  const [quiet = [], block = [], same = []] = timeRoundRobin(rounds, (round) =>
    (['a', 'b', 'c'] as const).map((name) => {
      const out = join(bench.folder, `at-work-${round}-${name}`);
      return inTerminal(
        bench,
        'TERM=xterm',
        ['--manager-bin', agent, ...(name === 'b' ? [] : ['--quiet'])],
        out,
      );
    }),
  );
  const chance = median(pairedRatios(same, quiet));
  const isDecided = Math.abs(chance - 1) <= SHARE / 2;
  const cost = row('an agent at work, live block', block, median(pairedRatios(block, quiet)));
  return [
    row('an agent at work, --quiet twice', quiet, chance),
    isDecided ? { ...cost, bound: 1 + SHARE } : { ...cost, name: `${cost.name} (too noisy to hold)` },
  ];
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
