import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { CEDAR_PACKAGE } from './cedar-asset.ts';
import { inRoot } from './repository.ts';

/**
 * The licences of the packages whose code is in the bundle, or lies beside it: they demand to be passed on with it.
 * Throws for a package that has no licence file and names no licence whose text we have, so that none is passed on
 * without.
 */
export function thirdPartyNotices(metafile: Metafile): string {
  const folders = new Set([CEDAR_PACKAGE, ...Object.keys(metafile.inputs).map(packageFolder)]);
  const notices = [...folders]
    .filter((folder) => folder !== null)
    .sort()
    .map((folder) => notice(inRoot(folder)));
  return `The code of these packages is part of this program.\n\n${notices.join('\n')}`;
}

/** The licence of Node, which with all that it contains is part of every executable. */
export function runtimeNotice(): string {
  return notice(join(process.execPath, '..', '..'));
}

/** `node_modules/a/node_modules/@b/c/index.js` is in `node_modules/a/node_modules/@b/c`; our own files in none. */
function packageFolder(input: string): string | null {
  return input.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//)?.[1] ?? null;
}

function notice(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e|^copying/i.test(entry));
  const text = file === undefined ? licenceText(name, license) : readFileSync(join(folder, file), 'utf8');
  return `${'-'.repeat(78)}\n${name} ${version}\n\n${text.trim()}\n`;
}

/** A few packages only name their licence. */
function licenceText(name: string, license: unknown): string {
  const file = inRoot('src/build/licences', `${license}.txt`);
  if (!existsSync(file)) throw new Error(`${name} has no licence file`);
  return readFileSync(file, 'utf8');
}
