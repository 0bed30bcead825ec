/**
 * `make bench`: start-up, stages, output and memory of the built executable, as ratios to what the machine does
 * for anyone, measured in the same minutes. Ends with 1 when a bound is broken.
 *
 *     node test/bench/bench.ts [rounds]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bench, prepareBench } from './bench-folder.ts';
import { measureEvidenceCost } from './evidence-cost.ts';
import { measureGateCost } from './gate-cost.ts';
import { measureGigabyte } from './gigabyte.ts';
import { BENCH_ENV } from './measure.ts';
import { measureProgressCost } from './progress-cost.ts';
import { measureStageCost } from './stage-cost.ts';
import { measureStartUp } from './start-up.ts';
import { formatTable, isKept } from './table.ts';

const rounds = Number(process.argv[2] ?? 20);
const folder = mkdtempSync(join(tmpdir(), 'orchestrator-bench-'));
process.exitCode = 1;
try {
  await bench(prepareBench(folder));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function bench(prepared: Bench): Promise<void> {
  const obstacle = whyNot(prepared);
  if (obstacle !== null) {
    console.error(`bench: ${obstacle}`);
    return;
  }
  console.log(`${rounds} rounds; a figure is the median of what was measured within one round`);
  const rows = [
    ...measureStartUp(prepared, rounds),
    measureStageCost(prepared, Math.ceil(rounds / 2)),
    ...(await measureGigabyte(prepared, 5)),
    ...(await measureGateCost(rounds)),
    ...(await measureEvidenceCost(prepared, rounds)),
    ...measureProgressCost(prepared, 5),
  ];
  console.log(formatTable(rows));
  if (rows.every(isKept)) process.exitCode = 0;
}

/** Why nothing can be measured; null when a run works. */
function whyNot({ folder, run, plainRepository }: Bench): string | null {
  const { file, args } = run(join(folder, 'first'), plainRepository, ['--manager-bin', '/bin/true']);
  const { status, stderr, error } = spawnSync(file, args, { env: BENCH_ENV, encoding: 'utf8' });
  if (status === 0) return null;
  return `the executable does not complete a run (${error?.message ?? `exit ${status}: ${stderr.trim()}`})`;
}
