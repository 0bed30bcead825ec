import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = resolve(import.meta.dirname, '../..');

/**
 * The address of one of the product's modules. `E2E_EXECUTABLE` names another executable; one that stands in a source
 * folder, as the mutation check builds them, brings its own modules along.
 */
export function productModule(path: string): string {
  const executable = process.env.E2E_EXECUTABLE;
  const other = executable === undefined ? ROOT : resolve(dirname(executable), '..');
  return pathToFileURL(join(existsSync(join(other, path)) ? other : ROOT, path)).href;
}
