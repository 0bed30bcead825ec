/**
 * `make test`: runs tap, prints a readable log, then what was skipped and the totals.
 *
 *     node src/build/run-tests.ts [--totals FILE] [test files or folders...]
 *
 * `--totals` leaves the closing line in a file for .ci/run. The exit code is 0 only when at least one test ran
 * and none failed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { assertPinnedNode, inRoot } from './repository.ts';
import { createTapLog } from './tap-log.ts';
import { formatTotals, judge, listSkipped, readTotals } from './tap-results.ts';

assertPinnedNode();
const { values, positionals } = parseArgs({
  options: { totals: { type: 'string' } },
  allowPositionals: true,
});
const files = positionals.flatMap(testFiles);
if (files.length === 0 && positionals.length > 0) throw new Error(`no tests in ${positionals.join(' ')}`);
const { lines, exitCode } = await runTap(files);
const totals = judge(readTotals(lines), exitCode);
const skipped = listSkipped(lines);
if (skipped.length > 0) console.log('\nSKIPPED, because something they need is not here:');
for (const line of skipped) console.log(`  ${line}`);
console.log(`\n${formatTotals(totals)}`);
if (values.totals !== undefined) writeFileSync(values.totals, `${formatTotals(totals)}\n`);
process.exitCode = totals.failed === 0 ? 0 : 1;

async function runTap(
  files: readonly string[],
): Promise<{ lines: readonly string[]; exitCode: number | null }> {
  const tap = spawn(
    process.execPath,
    [inRoot('node_modules/tap/dist/esm/run.mjs'), '--reporter=tap', ...files],
    { cwd: inRoot(), stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(tap, 'close');
  const lines: string[] = [];
  const log = createTapLog((line) => console.log(line));
  for await (const line of createInterface({ input: tap.stdout })) {
    lines.push(line);
    log(line);
  }
  const [exitCode] = await ended;
  return { lines, exitCode };
}

/** tap takes files only: a folder stands for all test files in it. */
function testFiles(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(path, name));
}
