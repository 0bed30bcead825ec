/**
 * Size and time of the HTML report, measured on the executable, and how long Chromium takes to open it:
 *
 *     node test/html/figures.ts
 *
 * Exit code 1 where a figure is not held.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { reportHtml } from '../../src/render/html/report-html.ts';
import { writeEvidence } from '../fixtures/documents/write-evidence.ts';
import { NO_CHROMIUM, startBrowser } from './browser.ts';
import { PLACE } from './scenarios.ts';
import { fullLogs, manyAttempts, runOf } from './sizes.ts';

const EXECUTABLE = resolve(import.meta.dirname, '../../bin/orchestrator');

interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** null: only told. */
  readonly most: number | null;
}

const ROUNDS = 7;
/** Milliseconds. */
const MAKE = { ten: 60, whole: 1000, open: 2000 } as const;

const folder = mkdtempSync(join(tmpdir(), 'orchestrator-figures-'));
try {
  const figures = [...(await ofRun('ten stages', 7, { bytes: 150_000, ms: MAKE.ten })), ...(await many())];
  for (const { name, value, unit, most } of figures) {
    console.log(`${name}: ${value.toFixed(0)} ${unit}${most === null ? '' : ` (at most ${most})`}`);
  }
  const held = figures.every(({ value, most }) => most === null || value <= most);
  process.exitCode = held ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}

async function many(): Promise<readonly Figure[]> {
  return ofRun('5,000 attempts', 5000, { bytes: 5_000_000, ms: MAKE.whole });
}

/** The least of all rounds: what other processes of the machine do is not ours. */
async function ofRun(
  name: string,
  attempts: number,
  most: { readonly bytes: number; readonly ms: number },
): Promise<readonly Figure[]> {
  const out = join(folder, String(attempts));
  mkdirSync(join(out, 'logs'), { recursive: true });
  writeEvidence(out, runOf(attempts, { status: 'blocked', gates: { ci: 'failure' } }), [
    { path: 'out:plan.json', content: '{"plan":1}\n' },
  ]);
  const lines = 'a line of a log with <markup> that goes on for a while, as such lines do\n'.repeat(40);
  for (let index = 0; index < attempts; index += 1) {
    writeFileSync(join(out, 'logs', `execution.${index}.stdout.log`), lines);
  }
  const page = join(folder, `${attempts}.html`);
  const report = manyAttempts(attempts);
  const began = performance.now();
  reportHtml(report, { place: PLACE, doubts: [], logs: fullLogs(10) });
  const made = performance.now() - began;
  const whole: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { ms, stdout } = timed(['report', out, '--format', 'html']);
    whole.push(ms);
    writeFileSync(page, stdout);
  }
  return [
    { name: `${name}: size`, value: statSync(page).size, unit: 'bytes', most: most.bytes },
    {
      name: `${name}: report --format html as a whole`,
      value: Math.min(...whole),
      unit: 'ms',
      most: MAKE.whole,
    },
    {
      name: `${name}: the page itself, made once from a report in memory`,
      value: made,
      unit: 'ms',
      most: most.ms,
    },
    ...(NO_CHROMIUM === false
      ? [{ name: `${name}: opens in Chromium`, value: await opened(page), unit: 'ms', most: MAKE.open }]
      : []),
  ];
}

function timed(args: readonly string[]): { readonly ms: number; readonly stdout: string } {
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(EXECUTABLE, args, {
    env: { PATH: '/usr/bin:/bin', LANG: 'C' },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`${args.join(' ')}: exit ${status}: ${stderr}`);
  return { ms: performance.now() - began, stdout };
}

/** Until the page is loaded and painted once, everything unfolded. */
async function opened(page: string): Promise<number> {
  const browser = await startBrowser();
  try {
    const tab = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const began = performance.now();
    await tab.goto(pathToFileURL(page).href, { waitUntil: 'load' });
    await tab.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    return performance.now() - began;
  } finally {
    await browser.close();
  }
}
