import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HELP_PAGES, pagesIn } from '../system/help-pages.ts';
import { inRoot } from './repository.ts';

/** Puts the pages that `help` prints of into a folder, under the name by which the product looks for them. */
export function writeHelpPages(folder: string): void {
  writeFileSync(join(folder, HELP_PAGES), JSON.stringify(Object.fromEntries(pagesIn(inRoot('docs')))));
}
