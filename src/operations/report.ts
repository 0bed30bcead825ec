import { EXIT } from '../core/exit-code.ts';
import { type Failure, failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { unreachable } from '../core/unreachable.ts';
import type { RunReport } from '../formats/report.ts';
import { loadRepoRoot } from '../formats/stored-path.ts';
import { oneLine } from '../render/harmless.ts';
import type { ReportLog } from '../render/html/logs.ts';
import type { ReportOptions } from '../render/report-text.ts';
import { describeAuthenticity } from './evidence/authenticity.ts';
import { examinePlace } from './evidence/locate-evidence.ts';
import { noRun } from './evidence/no-run.ts';
import type { OperationIo } from './evidence/operation-io.ts';
import { placeOf } from './evidence/place-of.ts';
import { reportNotice, reportOfCheckpoint } from './evidence/report-state.ts';
import type { EvidenceRequest, Examination, ReadEvidence } from './examine-evidence.ts';
import { stateKeyFor } from './state-key.ts';

/** What a report can be printed as. */
export const PRINTED_FORMATS = ['text', 'json', 'markdown', 'html', 'junit', 'github'] as const;
type PrintedFormat = (typeof PRINTED_FORMATS)[number];

export interface ReportRequest extends EvidenceRequest {
  readonly format: string;
}

/**
 * `orchestrator report`: the report that the checkpoint means, whether or not the one on disk is there. 0 when
 * it was printed, 1 when the evidence does not hold (said on stderr and in what is printed; of JSON nothing is).
 * `precondition` when there is no run, `usage` for a format that there is not. Writes nothing but, for `github`, the
 * step summary that GitHub names.
 */
export async function report(request: ReportRequest, io: OperationIo): Promise<Result<number, Failure>> {
  const format = PRINTED_FORMATS.find((one) => one === request.format);
  if (format === undefined) {
    const why = `--format ${oneLine(request.format, 40)}: expected one of ${PRINTED_FORMATS.join(', ')}`;
    return fail(failure('usage', why));
  }
  const key = await stateKeyFor(request);
  if (!key.ok) return key;
  const found = whole(await examinePlace({ ...request, key: key.value }));
  if (!found.ok) return found;
  const doubts = found.value.findings.map((one) => one.failure.message);
  const tell = (line: string) => io.stderr(`orchestrator: ${oneLine(line, 4000)}\n`);
  // A program that reads the document sees neither stderr nor, behind a pipe, the exit code.
  const withheld = format === 'json' && doubts.length > 0;
  if (!withheld) io.stdout(await print(format, found.value, { request, doubts, io }));
  for (const doubt of doubts) tell(`evidence_tampered: ${doubt}`);
  if (withheld)
    tell('no JSON is printed of evidence that does not hold; orchestrator verify --json says why');
  const notice = doubts.length === 0 ? reportNotice(found.value.report) : null;
  if (notice !== null) tell(`notice: ${notice}`);
  return ok(doubts.length === 0 ? EXIT.done : EXIT.failed);
}

/** The evidence, or why there is none to print. */
function whole(examined: Examination): Result<ReadEvidence, Failure> {
  switch (examined.kind) {
    case 'read':
      return ok(examined);
    case 'unreadable':
      return fail(examined.failure);
    case 'nothing':
      return fail(noRun(examined));
    default:
      return unreachable(examined);
  }
}

async function print(
  format: PrintedFormat,
  evidence: ReadEvidence,
  how: { readonly request: ReportRequest; readonly doubts: readonly string[]; readonly io: OperationIo },
): Promise<string> {
  const { report: model } = reportOfCheckpoint(evidence.checkpoint);
  const options = {
    place: placeOf(how.io.cwd, how.request),
    doubts: how.doubts,
    authenticity: describeAuthenticity(evidence),
  };
  switch (format) {
    case 'text': {
      const { reportText } = await import('../render/report-text.ts');
      return reportText(model, { ...options, color: how.io.color, unicode: how.io.unicode });
    }
    case 'json': {
      const { reportJson } = await import('../render/report-json.ts');
      return reportJson(model);
    }
    case 'markdown': {
      const { reportMarkdown } = await import('../render/report-markdown.ts');
      return reportMarkdown(model, options);
    }
    case 'html': {
      const { reportHtml } = await import('../render/html/report-html.ts');
      const { signatureWords } = await import('./evidence/signature-words.ts');
      const signature = await signatureWords(evidence.paths.statements);
      const logs = await logsOf(evidence, model);
      return reportHtml(model, { ...options, logs, ...(signature === null ? {} : { signature }) });
    }
    case 'junit': {
      const { reportJunit } = await import('../render/report-junit.ts');
      return reportJunit(model, options);
    }
    case 'github': {
      return annotate(model, options, how.io);
    }
    default:
      return unreachable(format);
  }
}

/** The ends of the logs, from the place that the evidence is at now. */
async function logsOf({ paths, checkpoint }: ReadEvidence, model: RunReport): Promise<readonly ReportLog[]> {
  const { reportLogs } = await import('./evidence/report-logs.ts');
  const repoRoot = loadRepoRoot(checkpoint.run.repo.root, paths.outDir);
  return reportLogs(model, { outDir: paths.outDir, repoRoot });
}

/** Annotations, and the step summary of the job; that it could not be written is told and changes nothing. */
async function annotate(model: RunReport, options: ReportOptions, io: OperationIo): Promise<string> {
  const { reportGithub } = await import('../render/report-github.ts');
  const { appendStepSummary } = await import('./step-summary.ts');
  const { reportMarkdown } = await import('../render/report-markdown.ts');
  const render = (maxBytes: number) => reportMarkdown(model, { ...options, maxBytes });
  const notice = appendStepSummary({ path: io.env.GITHUB_STEP_SUMMARY, render });
  if (notice !== null) io.stderr(`orchestrator: ${oneLine(notice, 4000)}\n`);
  return reportGithub(model, options);
}
