/**
 * `make smoke`: the executable does its work with nothing around it. It is copied out of the checkout and
 * started from `/`, through a symbolic link, in an empty environment: no Node on PATH, no PATH at all.
 *
 *     node src/build/smoke.ts bin/orchestrator
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readManifest } from './repository.ts';
import { warmRuns } from './warm-runs.ts';

const [executable = ''] = process.argv.slice(2);
const elsewhere = mkdtempSync(join(tmpdir(), 'orchestrator-smoke-'));
try {
  smoke();
} finally {
  rmSync(elsewhere, { recursive: true, force: true });
}

function smoke(): void {
  mkdirSync(join(elsewhere, 'repository'));
  const copy = join(elsewhere, 'a copy');
  const link = join(elsewhere, 'link');
  copyFileSync(resolve(executable), copy);
  symlinkSync(copy, link);
  expect(link, ['--version'], 0, readManifest().version);
  for (const { args, exitCode } of warmRuns(elsewhere)) expect(link, args, exitCode, '');
  if (!existsSync(join(elsewhere, 'out', 'orchestrator_run_report.json')))
    throw new Error('the run left no report');
  expect(link, [join(elsewhere, 'out'), '--resume'], 0, '');
}

function expect(command: string, args: readonly string[], exitCode: number, stdout: string): void {
  const result = spawnSync(command, args, { cwd: '/', env: {}, encoding: 'utf8', timeout: 60_000 });
  const said = `${result.stdout}${result.stderr}${result.error?.message ?? ''}`;
  if (result.status !== exitCode || !result.stdout.includes(stdout)) {
    throw new Error(
      `${args.join(' ')}: expected exit code ${exitCode}, got ${result.status ?? result.signal}\n${said}`,
    );
  }
  console.log(`  ok     orchestrator ${args.join(' ').replaceAll(elsewhere, '')}`);
}
