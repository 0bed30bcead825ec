import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startProcess } from '../e2e/live-process.ts';
import type { Notice } from './mutation.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** Milliseconds that a campaign or test may take on one executable. */
const LIMIT_MS = 900_000;

/** The points of a campaign that are tried are those of this seed, on the mutant as on the product. */
const SEED = 20261128;

/** What a campaign or a test says of an executable. */
export type Verdict =
  | { readonly said: 'green' }
  | { readonly said: 'red'; readonly by: string }
  /** Something that it needs is missing here. */
  | { readonly said: 'not tried'; readonly why: string }
  /** It broke down itself: neither red nor green. */
  | { readonly said: 'nothing'; readonly why: string };

/** Runs what must notice on an executable. */
export async function tryNotice(notice: Notice, executable: string): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'orchestrator-mutation-'));
  const json = join(folder, 'outcome.json');
  const { code, stdout, stderr, hung } = await startProcess({
    argv: ['/usr/bin/env', ...variables(notice, executable), process.execPath, ...argumentsFor(notice, json)],
    cwd: ROOT,
    input: null,
    limitMs: LIMIT_MS,
  }).finished;
  try {
    if (hung) return { said: 'nothing', why: `no end within ${LIMIT_MS} ms` };
    if ('test' in notice) return verdictOfTest(notice.name, stdout);
    return verdictOfCampaign(readFileSync(json, 'utf8'));
  } catch {
    return { said: 'nothing', why: `exit ${code}: ${lastLine(stderr) || lastLine(stdout)}` };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function variables(notice: Notice, executable: string): readonly string[] {
  const grep = 'test' in notice ? [`TAP_GREP=/^${escaped(notice.name)}$/`] : [];
  return [`E2E_EXECUTABLE=${executable}`, ...grep];
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function argumentsFor(notice: Notice, json: string): readonly string[] {
  if ('test' in notice) return [join(ROOT, notice.test)];
  const { campaign, tier, point } = notice;
  return [
    ...[join(ROOT, 'test/campaigns/run.ts'), '--json', json],
    ...['--only', campaign, '--tier', tier, '--seed', String(SEED)],
    ...(point === null ? [] : ['--point', point]),
  ];
}

/** By the test's own line of TAP: a file whose other tests were left out says nothing by its exit code. */
function verdictOfTest(name: string, tap: string): Verdict {
  const line = tap.split('\n').find((one) => /^(not )?ok \d+ - /.test(one) && one.includes(` - ${name}`));
  if (line === undefined) return { said: 'nothing', why: `there is no test "${name}"` };
  const skipped = /# SKIP ?(.*)$/.exec(line);
  if (skipped !== null) return { said: 'not tried', why: skipped[1] ?? '' };
  if (line.startsWith('ok')) return { said: 'green' };
  const inner = tap.split('\n').find((one) => /^ +not ok \d+ - /.test(one));
  return { said: 'red', by: (inner ?? line).trim() };
}

function verdictOfCampaign(json: string): Verdict {
  // Boundary: written by run.ts just now.
  const { outcomes } = JSON.parse(json);
  const { result, complaints } = outcomes[0];
  const [violation] = result.violations;
  if (violation?.point === 'the campaign itself') return { said: 'nothing', why: violation.what };
  const [skipped] = result.skipped;
  // A point that is not there any more is not one that has noticed.
  if (complaints.length > 0 && result.points === 0) return { said: 'nothing', why: complaints[0] };
  if (complaints.length > 0) return { said: 'red', by: complaints[0] };
  if (result.points === 0) return { said: 'not tried', why: `${skipped?.what}: ${skipped?.why}` };
  return { said: 'green' };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
