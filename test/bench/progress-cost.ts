import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Bench } from './bench-folder.ts';
import { type Command, median, pairedRatios, timeRoundRobin } from './measure.ts';
import type { Row } from './table.ts';

const PYTHON = '/usr/bin/python3';
const PTY = resolve(import.meta.dirname, '../e2e/pty.py');

/** As an agent prints: a write for each line. */
const AGENT = '#!/usr/bin/perl\n$| = 1;\nprint "line $_ of what an agent prints\\n" for 1 .. 1_000_000;\n';

/**
 * A run whose child prints a million lines, on a terminal: with the live block, against plain lines. No row where
 * there is no pseudo-terminal or no perl.
 */
export function measureProgressCost(bench: Bench, rounds: number): readonly Row[] {
  if (!existsSync(PYTHON) || !existsSync('/usr/bin/perl')) return [];
  const { folder, run, plainRepository } = bench;
  const agent = join(folder, 'million-lines');
  writeFileSync(agent, AGENT);
  chmodSync(agent, 0o755);
  const inTerminal = (name: string, out: string): Command => {
    const { file, args } = run(out, plainRepository, ['--manager-bin', agent]);
    return { file: '/usr/bin/env', args: [name, PYTHON, PTY, '80', '24', file, ...args] };
  };
  const names = ['CI=1', 'TERM=xterm'] as const;
  const [plain = [], block = []] = timeRoundRobin(rounds, (round) =>
    names.map((name) => inTerminal(name, join(folder, `progress-${round}-${name}`))),
  );
  return [
    row('million lines, plain on a terminal', plain, null),
    // Progress may cost two hundredths, which is less than what the times of one run differ by: this holds a tenth.
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
