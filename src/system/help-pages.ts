import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { getAsset, isSea } from 'node:sea';

/** The name of the pages among the assets of the executable, and beside the script of the npm package. */
export const HELP_PAGES = 'pages.json';

/** Pages of `docs/` whose entries `help` prints, by name, in the order in which an entry is looked for. */
export const PAGE_NAMES = [
  ...['failures', 'reason-codes', 'stage-statuses', 'gate-codes'],
  ...['troubleshooting', 'exit-codes', 'notices'],
] as const;

/**
 * The pages as text, by name: of the executable an asset, of the npm package a file beside `script`, from source those
 * of `docs/`. `script` is the program as it was started. Throws where there are none.
 */
export function readHelpPages(script: string): ReadonlyMap<string, string> {
  if (isSea()) return parsePages(getAsset(HELP_PAGES, 'utf8'));
  const folder = dirname(realpathSync(script));
  const beside = join(folder, HELP_PAGES);
  return existsSync(beside) ? parsePages(readFileSync(beside, 'utf8')) : pagesIn(join(folder, '../docs'));
}

/** The pages as they lie in a folder. */
export function pagesIn(folder: string): ReadonlyMap<string, string> {
  return new Map(PAGE_NAMES.map((name) => [name, readFileSync(join(folder, `${name}.md`), 'utf8')]));
}

function parsePages(text: string): ReadonlyMap<string, string> {
  const pages: Readonly<Record<string, string>> = JSON.parse(text);
  return new Map(Object.entries(pages));
}
