import type { Failure } from '../../core/failure.ts';
import type { RunContext } from './context.ts';
import { refuseHtmlPlace } from './html-report-place.ts';
import type { LoopEnd } from './loop.ts';

/** Takes away the page of an earlier end: what this invocation comes to is not known yet. */
export async function withdrawPage({ request, ports }: RunContext): Promise<void> {
  if (request.htmlReport === null) return;
  const { withdrawHtmlReport } = await import('../html-report-file.ts');
  const notice = withdrawHtmlReport(request.htmlReport);
  if (notice !== null) ports.observe({ type: 'notice', text: notice });
}

/**
 * `--html-report`: the page of a run that has ended, however it ended. That it could not be made or written is a notice
 * and changes nothing else. What was not committed, or not signed although it should be, is in doubt in it.
 */
export async function writePage(
  context: RunContext,
  ended: LoopEnd,
  unsigned: Failure | null,
): Promise<void> {
  const path = context.request.htmlReport;
  if (path === null) return;
  const notice =
    movedPlace(context) ?? (await writeAt(path, context, () => pageOf(context, ended, unsigned)));
  if (notice !== null) context.ports.observe({ type: 'notice', text: notice });
}

/** A stage may have made its folder lead elsewhere: into the work tree, where the page would undo the verdict. */
function movedPlace({ request, workTree, paths, plan }: RunContext): string | null {
  const place = refuseHtmlPlace(request, { workTree, outDir: { path: paths.outDir } }, plan);
  return place.ok ? null : `the HTML report was not written: ${place.failure.message}`;
}

/** The verdict is committed: not even a page that cannot be made may change how the run ends. */
async function writeAt(
  path: string,
  context: RunContext,
  page: () => Promise<string>,
): Promise<string | null> {
  try {
    const { writeHtmlReport } = await import('../html-report-file.ts');
    return writeHtmlReport(path, await page(), () => context.ports.random(8));
  } catch (error) {
    return `the HTML report was not made: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function pageOf(context: RunContext, ended: LoopEnd, unsigned: Failure | null): Promise<string> {
  const { reportHtml } = await import('../../render/html/report-html.ts');
  const { placeSeenFrom } = await import('../../render/evidence-place.ts');
  const { reportLogs } = await import('../evidence/report-logs.ts');
  const report = context.reportOf(ended.document);
  const doubts = [ended.uncommitted, unsigned].flatMap((one) => (one === null ? [] : [one.message]));
  const place = placeSeenFrom(context.ports.cwd, context.request);
  // They were masked as they were kept; without a sandbox a stage can write to its own log.
  const logs = reportLogs(report, context.roots).map((log) => ({
    ...log,
    lines: log.lines.map(context.mask.text),
  }));
  const signature = context.request.signKey === null ? null : await signatureOf(context);
  return reportHtml(report, { place, doubts, logs, ...(signature === null ? {} : { signature }) });
}

async function signatureOf({ paths }: RunContext): Promise<string | null> {
  const { signatureWords } = await import('../evidence/signature-words.ts');
  return signatureWords(paths.statements);
}
