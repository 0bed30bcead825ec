/**
 * `make smoke`: the executable does its work with nothing around it. It is copied out of the checkout and
 * started from `/`, through a symbolic link, in an empty environment: no Node on PATH, no PATH at all.
 *
 *     node src/build/smoke.ts bin/orchestrator
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readManifest } from './repository.ts';
import { uses } from './uses.ts';

const [executable = ''] = process.argv.slice(2);
const elsewhere = mkdtempSync(join(tmpdir(), 'orchestrator-smoke-'));
try {
  smoke();
} finally {
  rmSync(elsewhere, { recursive: true, force: true });
}

function smoke(): void {
  const copy = join(elsewhere, 'a copy');
  const link = join(elsewhere, 'link');
  copyFileSync(resolve(executable), copy);
  symlinkSync(copy, link);
  for (const { args } of uses(elsewhere)) expectSuccess(link, args);
  const report = JSON.parse(readFileSync(join(elsewhere, 'out', 'orchestrator_run_report.json'), 'utf8'));
  if (report.terminal_state !== 'done' || report.version !== readManifest().version) {
    throw new Error(`the report says ${report.terminal_state}, version ${report.version}`);
  }
}

function expectSuccess(command: string, args: readonly string[]): void {
  const result = spawnSync(command, args, { cwd: '/', env: {}, encoding: 'utf8', timeout: 60_000 });
  if (result.status !== 0) {
    const said = `${result.stdout}${result.stderr}${result.error?.message ?? ''}`;
    throw new Error(`${args.join(' ')}: exit ${result.status ?? result.signal}\n${said}`);
  }
  console.log(`  ok     orchestrator ${args.join(' ').replaceAll(elsewhere, '')}`);
}
