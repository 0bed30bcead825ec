import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { MAX_MARKDOWN_BYTES } from '../render/report-markdown.ts';
import { describeKind } from '../store/file-kind.ts';

export interface StepSummary {
  /** Value of GITHUB_STEP_SUMMARY; undefined or empty where there is none. */
  readonly path: string | undefined;
  /** The report in at most so many bytes; empty where it cannot be that short. */
  readonly render: (maxBytes: number) => string;
}

/** Never through a link, never waiting for a reader of a pipe. */
const APPEND =
  constants.O_WRONLY |
  constants.O_APPEND |
  constants.O_CREAT |
  (constants.O_NOFOLLOW ?? 0) |
  (constants.O_NONBLOCK ?? 0) |
  (constants.O_NOCTTY ?? 0);

/**
 * Appends the report to the step summary of GitHub Actions, of which the file may hold 1 MiB in all. Returns a
 * notice when that was not possible, else null; it never ends a run.
 */
export function appendStepSummary(summary: StepSummary): string | null {
  const { path } = summary;
  if (path === undefined || path === '') return null;
  let descriptor: number | null = null;
  try {
    descriptor = openSync(path, APPEND, 0o644);
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return notice(path, `it is ${describeKind(stats)}, expected a file`);
    const room = MAX_MARKDOWN_BYTES - stats.size - 1;
    const text = room > 0 ? summary.render(room) : '';
    if (text === '') return notice(path, 'there is no room left in it');
    writeAll(descriptor, Buffer.from(stats.size === 0 ? text : `\n${text}`));
    return null;
  } catch (error) {
    return notice(path, error instanceof Error ? error.message : String(error));
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}

function writeAll(descriptor: number, bytes: Buffer): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(descriptor, bytes, written);
}

function notice(path: string, why: string): string {
  return `the step summary ${path} was not written: ${why}`;
}
