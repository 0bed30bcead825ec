/**
 * The main script of the executable. The bundle lies beside it as assets: `index` says which script holds which
 * module (src/build/scripts.ts), a script is compiled when one of its modules is first required, with its code
 * cache where there is one. A cache that V8 does not accept is only slower.
 */
import { getAsset, getRawAsset } from 'node:sea';
import { Script } from 'node:vm';
import type { ScriptIndex } from '../scripts.ts';
import { createLoader, type ModuleFunction } from './loader.ts';

const index: ScriptIndex = JSON.parse(getAsset('index', 'latin1'));
const compiled = new Map<string, Readonly<Record<string, ModuleFunction>>>();

function compile(script: string): Readonly<Record<string, ModuleFunction>> {
  const known = compiled.get(script);
  if (known !== undefined) return known;
  const functions = new Script(getAsset(script, 'latin1'), {
    filename: `/${script}`,
    ...(index.hasCodeCache ? { cachedData: new Uint8Array(getRawAsset(`${script}.cache`)) } : {}),
  }).runInThisContext();
  compiled.set(script, functions);
  return functions;
}

createLoader((name) => {
  const found = compile(index.scriptOf[name] ?? '')[name];
  if (found === undefined) throw new Error(`${name} is not in this executable`);
  return found;
})(index.entry);
