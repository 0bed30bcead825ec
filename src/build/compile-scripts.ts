/**
 * Writes V8's code cache beside each script in a folder: `compile-scripts.ts <folder> <JSON list of scripts>`. Of
 * a hot script every function is compiled, of another one what V8 compiles by itself at first. A process of its
 * own, started by start-up.ts, so that nothing but the texts decides about the bytes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import type { ProductScript } from './scripts.ts';

const [folder = '', listJson = '[]'] = process.argv.slice(2);
const list: Pick<ProductScript, 'name' | 'isHot'>[] = JSON.parse(listJson);
for (const { name, isHot } of list) writeFileSync(join(folder, `${name}.cache`), compile(name, isHot));

function compile(name: string, isHot: boolean): Buffer {
  const text = readFileSync(join(folder, name), 'latin1');
  const filename = `/${name}`;
  if (isHot) setFlagsFromString('--no-lazy');
  const script = new Script(text, { filename });
  // The cache carries a digest of the flags, and is rejected where they are others.
  setFlagsFromString('--lazy');
  const cachedData = script.createCachedData();
  if (new Script(text, { filename, cachedData }).cachedDataRejected !== false) {
    throw new Error(`V8 rejects the code cache that it has just made of ${name}`);
  }
  return cachedData;
}
