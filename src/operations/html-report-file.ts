import { unlinkSync } from 'node:fs';
import { PAGE_START } from '../render/html/page-start.ts';
import { durableWrite, type RandomHex } from '../store/durable-write.ts';
import { readRegularFile } from '../store/read-regular-file.ts';

/** A page of ours is far smaller. */
const MAX_PAGE_BYTES = 64 * 1024 * 1024;

/**
 * Removes the page of an earlier run or invocation, so that a run that is killed leaves none that says more than is true.
 * Somebody else's file stays. Returns a notice when it could not be removed, else null.
 */
export function withdrawHtmlReport(path: string): string | null {
  if (whatIsThere(path) !== 'ours') return null;
  try {
    unlinkSync(path);
    return null;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `the HTML report of an earlier run could not be removed: ${why}`;
  }
}

/**
 * Writes the page, whole or not at all, where nothing or a page of ours is. Returns a notice when that was not possible,
 * else null; it never ends a run.
 */
export function writeHtmlReport(path: string, text: string, random: RandomHex): string | null {
  if (whatIsThere(path) === 'foreign') {
    return `the HTML report ${path} was not written: there is something else in its place`;
  }
  const written = durableWrite(path, text, { random });
  return written.ok ? null : `the HTML report was not written: ${written.failure.message}`;
}

/** Whether a file is a page of ours that shows this run. */
export function isPageOf(path: string, runId: string): boolean {
  if (!/\.html?$/i.test(path)) return false;
  const found = readRegularFile(path, MAX_PAGE_BYTES);
  if (found.kind !== 'bytes') return false;
  return isOurs(found.bytes) && found.bytes.includes(`<code>${runId}</code>`);
}

function isOurs(page: Buffer): boolean {
  return page.subarray(0, PAGE_START.length).toString('latin1') === PAGE_START;
}

/** What is in the place of a page; `foreign` is never replaced. */
export function whatIsThere(path: string): 'nothing' | 'ours' | 'foreign' {
  const found = readRegularFile(path, MAX_PAGE_BYTES);
  switch (found.kind) {
    case 'missing':
    case 'empty':
      return 'nothing';
    case 'unreadable':
      return 'foreign';
    case 'bytes':
      return isOurs(found.bytes) ? 'ours' : 'foreign';
  }
}
