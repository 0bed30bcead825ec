import { build, type Metafile } from 'esbuild';
import { inRoot } from './repository.ts';

/** The product as one CommonJS text, and what esbuild knows about where it came from. */
export interface Bundle {
  readonly code: string;
  readonly metafile: Metafile;
}

/**
 * A path that exists nowhere. yargs looks for its translations, and for a package.json with settings of its
 * own, beside the file it believes to be in: with a real path those come from the user's folders.
 * ("use strict" is here because a directive counts only as the first thing in the text.)
 */
const NOWHERE = `"use strict";const importMetaUrl = process.platform === 'win32' ? 'file:///C:/-/-/-/node_modules/-/-.js' : 'file:///-/-/-/node_modules/-/-.js';`;

/** Bundles `src/main.ts` with all its packages. Throws on any error or warning of esbuild. */
export async function bundleProduct(): Promise<Bundle> {
  return bundle('src/main.ts', NOWHERE);
}

/** Bundles one of the small starters in `src/build/launch/`. */
export async function bundleLauncher(file: string): Promise<string> {
  return (await bundle(file, '')).code;
}

async function bundle(entry: string, banner: string): Promise<Bundle> {
  const result = await build({
    absWorkingDir: inRoot(),
    entryPoints: [entry],
    write: false,
    metafile: true,
    bundle: true,
    // What the command of the npm package finds beside it.
    external: ['./product.cjs', './package.json'],
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    // One character outside Latin-1 makes V8 hold the whole text with two bytes for each.
    charset: 'ascii',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'silent',
    banner: { js: banner },
    define: { 'import.meta.url': 'importMetaUrl', 'process.env.NODE_ENV': '"production"' },
    alias: { 'string-width': inRoot('src/build/shims/string-width.ts') },
    // import('node:x') becomes require('node:x'): nothing at run time needs Node's module loader.
    supported: { 'dynamic-import': false },
  });
  const complaint = result.warnings[0];
  if (complaint !== undefined) throw new Error(`esbuild: ${complaint.text} (${complaint.location?.file})`);
  const [output] = result.outputFiles;
  if (output === undefined) throw new Error(`esbuild wrote nothing for ${entry}`);
  return { code: output.text, metafile: result.metafile };
}
