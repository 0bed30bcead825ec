import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RunDocument } from '../../src/core/run-document.ts';
import {
  SAMPLE_START_MS,
  type SampleRun,
  sampleExecution,
  sampleReport,
  sampleRun,
} from '../fixtures/documents/sample-run.ts';
import { writeEvidence } from '../fixtures/documents/write-evidence.ts';
import { fullLogs } from '../html/sizes.ts';
import type { Bench } from './bench-folder.ts';
import { median, pairedRatios, timeOnce, timeRoundRobin } from './measure.ts';
import type { Row } from './table.ts';

const PLAN = { path: 'out:plan.json', content: '{"plan":1}\n' };
const COMMANDS = ['report', 'explain', 'verify'] as const;
/** What a page may take to make, and how large it may be. */
const HTML_BOUNDS = { tenStagesMs: 60, fiveThousandMs: 1000, kilobytes: 150 } as const;

/** Manager, executor, reviewer and seven validation commands; outside git. */
const TEN_STAGES: SampleRun = { nativeCommands: 7, tree: null };

/**
 * What reading a run costs: the commands on a run of ten stages as ratios to a bare start of the runtime, and the HTML
 * page in milliseconds: of ten stages what it takes longer than the text, of 5,000 attempts from start to exit.
 */
export async function measureEvidenceCost(bench: Bench, rounds: number): Promise<readonly Row[]> {
  const ten = evidence(bench, 'ten-stages', TEN_STAGES);
  const many = evidence(bench, 'many-attempts', {
    ...{ ...TEN_STAGES, status: 'blocked', gates: { review: 'missing' } },
    change: withAttempts,
  });
  const htmlOf = (out: string) => ({ file: bench.executable, args: ['report', out, '--format', 'html'] });
  const [bare = [], page = [], ...own] = timeRoundRobin(rounds, () => [
    { file: process.execPath, args: ['-e', '0'] },
    htmlOf(ten),
    ...COMMANDS.map((command) => ({ file: bench.executable, args: [command, ten] })),
  ]);
  const rows = COMMANDS.map((command, index) => {
    const its = own[index] ?? [];
    const figure = median(pairedRatios(its, bare));
    return row(`${command}, a run of ten stages`, its, { figure, unit: '×', bound: 2.5 });
  });
  const text = own[COMMANDS.indexOf('report')] ?? [];
  const making = page.map((ms, round) => ms - (text[round] ?? Number.NaN));
  const large = Array.from({ length: 5 }, () => timeOnce(htmlOf(many)));
  return [
    ...rows,
    row('HTML of ten stages, beyond the text', page, {
      ...{ figure: median(making), unit: ' ms', bound: HTML_BOUNDS.tenStagesMs },
    }),
    await sizeOfTenStages(),
    row('HTML of 5,000 attempts, start to exit', large, {
      ...{ figure: median(large), unit: ' ms', bound: HTML_BOUNDS.fiveThousandMs },
    }),
  ];
}

/** Of a page with as many full logs as one shows. */
async function sizeOfTenStages(): Promise<Row> {
  const { reportHtml } = await import('../../src/render/html/report-html.ts');
  const options = { place: { outDir: './out', checkpointPath: null }, doubts: [], logs: fullLogs(20) };
  const kilobytes = Buffer.byteLength(reportHtml(sampleReport(sampleRun(TEN_STAGES)), options)) / 1000;
  const held = { figure: kilobytes, unit: ' kB', bound: HTML_BOUNDS.kilobytes };
  return { name: 'HTML of ten stages, 20 logs', min: '', median: '', ...held };
}

function evidence(bench: Bench, name: string, sample: SampleRun): string {
  const out = join(bench.plainRepository, name);
  mkdirSync(out);
  writeEvidence(out, sampleRun(sample), [PLAN]);
  return out;
}

function withAttempts(run: RunDocument): RunDocument {
  const more = Array.from({ length: 5000 }, (_, index) =>
    sampleExecution(run.run_id, {
      ...{ attempt: index + 2, started_at_unix_ms: SAMPLE_START_MS + index * 1000 },
      ...{ status: 'failed', error: 'exited with code 7', exit_code: 7 },
    }),
  );
  return { ...run, stage_executions: [...run.stage_executions, ...more] };
}

function row(name: string, times: readonly number[], held: Pick<Row, 'figure' | 'unit' | 'bound'>): Row {
  return {
    name,
    min: `${Math.min(...times).toFixed(1)} ms`,
    median: `${median(times).toFixed(1)} ms`,
    ...held,
  };
}
