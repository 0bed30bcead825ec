import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench-folder.ts';
import { BENCH_ENV, type Command, median, pairedRatios, timeOnce } from './measure.ts';
import type { Row } from './table.ts';

const GIGABYTE = 1_000_000_000;
/** How often the peak memory is looked at, in milliseconds: the kernel keeps the peak, only its end is missed. */
const LOOK_EVERY_MS = 20;

/**
 * Time and peak memory while a child prints a gigabyte, against `cat` that takes the same output to a file: both
 * read a pipe. The in-kernel copy that `cat file > copy` makes of it is shown, and is no measure of a reader.
 */
export async function measureGigabyte(bench: Bench, rounds: number): Promise<readonly Row[]> {
  const { folder, run, plainRepository } = bench;
  const source = join(folder, 'gigabyte');
  const copy = join(folder, 'copy');
  writeLines(source, GIGABYTE);
  const cats: number[] = [];
  const copies: number[] = [];
  const runs: number[] = [];
  const peaks: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    cats.push(timeOnce({ file: '/bin/sh', args: ['-c', 'cat "$0" | cat > "$1"', source, copy] }));
    rmSync(copy);
    copies.push(timeOnce({ file: '/bin/sh', args: ['-c', 'cat "$0" > "$1"', source, copy] }));
    rmSync(copy);
    const out = join(folder, `gigabyte-${round}`);
    const stages = ['--manager-bin', '/bin/cat', '--manager-arg', source];
    const watched = await watch(run(out, plainRepository, stages));
    runs.push(watched.elapsedMs);
    peaks.push(watched.peakMb);
    rmSync(out, { recursive: true });
  }
  rmSync(source);
  return [
    timeRow('copy 1 GB in the kernel', copies, null),
    timeRow('cat 1 GB of a child to a file', cats, null),
    { ...timeRow('run whose child prints 1 GB', runs, median(pairedRatios(runs, cats))), bound: 1.5 },
    {
      name: 'peak memory meanwhile',
      min: `${Math.min(...peaks).toFixed(0)} MB`,
      median: `${median(peaks).toFixed(0)} MB`,
      figure: median(peaks),
      unit: ' MB',
      bound: 150,
    },
  ];
}

function timeRow(name: string, times: readonly number[], figure: number | null): Row {
  return {
    name,
    min: `${Math.min(...times).toFixed(0)} ms`,
    median: `${median(times).toFixed(0)} ms`,
    figure,
    unit: '×',
    bound: null,
  };
}

async function watch({ file, args }: Command): Promise<{ elapsedMs: number; peakMb: number }> {
  const start = process.hrtime.bigint();
  const child = spawn(file, args, { env: BENCH_ENV, stdio: 'ignore' });
  let peakMb = Number.NaN;
  const looking = setInterval(() => {
    peakMb = readPeak(child.pid) ?? peakMb;
  }, LOOK_EVERY_MS);
  const [code] = await once(child, 'exit');
  clearInterval(looking);
  if (code !== 0) throw new Error(`${file} ${args.join(' ')}: exit ${code}`);
  return { elapsedMs: Number(process.hrtime.bigint() - start) / 1e6, peakMb };
}

/** VmHWM, the peak resident set so far, in MB; null once the process has gone, or without /proc. */
function readPeak(pid: number | undefined): number | null {
  try {
    const kilobytes = readFileSync(`/proc/${pid}/status`, 'latin1').match(/^VmHWM:\s+(\d+) kB/m)?.[1];
    return kilobytes === undefined ? null : (Number(kilobytes) * 1024) / 1e6;
  } catch {
    return null;
  }
}

function writeLines(path: string, bytes: number): void {
  const line = `${'a line as an agent prints it, neither short nor very long '.repeat(2)}\n`;
  const chunk = Buffer.from(line.repeat(Math.floor(1_000_000 / line.length)));
  const file = openSync(path, 'wx');
  for (let left = bytes; left > 0; ) left -= writeSync(file, chunk, 0, Math.min(chunk.length, left));
  closeSync(file);
}
