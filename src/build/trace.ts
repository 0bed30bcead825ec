/**
 * One use of the product, run from its bundled modules, that leaves the list of those it loaded. A process of its
 * own, started by start-up.ts: `trace.ts <folder of modules> <list to write> <arguments of the product...>`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { ENTRY } from './bundle.ts';
import { createLoader } from './launch/loader.ts';
import { wrap } from './scripts.ts';

const [folder = '', listFile = '', ...args] = process.argv.slice(2);
const loaded: string[] = [];
globalThis.require = createRequire(import.meta.url);
process.argv = [process.execPath, process.execPath, ...args];
process.on('exit', () => writeFileSync(listFile, JSON.stringify(loaded)));

createLoader((name) => {
  loaded.push(name);
  return new Script(wrap(readFileSync(join(folder, name), 'latin1')), { filename: name }).runInThisContext();
})(ENTRY);
