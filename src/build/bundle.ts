import { basename } from 'node:path';
import { type BuildOptions, build, type Metafile, transform } from 'esbuild';
import { inRoot } from './repository.ts';

/**
 * The product with all its packages, as CommonJS modules that find one another by `require('./name.js')`.
 * Whatever is reached by `import()` starts a module of its own, so that a command loads what it needs.
 */
export interface Bundle {
  /** Name to text. The first one to load is `ENTRY`. */
  readonly modules: ReadonlyMap<string, string>;
  readonly metafile: Metafile;
}

export const ENTRY = 'main.js';

/** Nothing is written there: it is what esbuild calls its outputs after. */
const OUTPUT_FOLDER = 'build/bundle';

/**
 * A path that exists nowhere, valid on all systems. yargs looks for its translations, and for a package.json
 * with settings of its own, beside the file it believes to be in: with a real path those would come from the
 * user's folders.
 */
const NOWHERE = '"file:///C:/-/-/-/node_modules/-/-.js"';

const COMMON = {
  platform: 'node',
  target: 'node22',
  // One character outside Latin-1 makes V8 hold a whole text with two bytes for each.
  charset: 'ascii',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'silent',
} as const satisfies BuildOptions;

/** Bundles `src/main.ts`. Throws on any error or warning of esbuild. */
export async function bundleProduct(): Promise<Bundle> {
  const { outputFiles, metafile, warnings } = await build({
    ...COMMON,
    absWorkingDir: inRoot(),
    entryPoints: ['src/main.ts'],
    outdir: OUTPUT_FOLDER,
    write: false,
    metafile: true,
    bundle: true,
    // Splitting works for ES modules only.
    splitting: true,
    format: 'esm',
    define: { 'import.meta.url': NOWHERE, 'process.env.NODE_ENV': '"production"' },
    alias: { 'string-width': inRoot('src/build/shims/string-width.ts') },
  });
  const complaint = warnings[0];
  if (complaint !== undefined) throw new Error(`esbuild: ${complaint.text} (${complaint.location?.file})`);
  const modules = await Promise.all(
    outputFiles.map(async ({ path, text }) => {
      const name = basename(path);
      const isPackage = wasCommonJs(metafile, `${OUTPUT_FOLDER}/${name}`);
      return [name, (await toCommonJs(text)) + (isPackage ? EXPORTS_BY_NAME : '')] as const;
    }),
  );
  return { modules: new Map(modules.sort(([a], [b]) => (a < b ? -1 : 1))), metafile };
}

/** Whether a module is there because of an `import()` of a package in CommonJS. */
export function wasCommonJs({ inputs, outputs }: Metafile, output: string): boolean {
  const entry = outputs[output]?.entryPoint;
  return entry !== undefined && inputs[entry]?.format === 'cjs';
}

/**
 * `import()` of CommonJS gives the exports as `default` and, in Node, by name as well. esbuild knows only the
 * former when it splits.
 */
const EXPORTS_BY_NAME = `{
  const { default: all } = module.exports;
  module.exports = Object.defineProperty({ ...all, default: all }, '__esModule', { value: true });
}
`;

/** An ES module is strict without saying so. */
const STRICT = '"use strict";';

/** `import()` becomes `require()` too: nothing at run time needs Node's module loader. */
async function toCommonJs(text: string): Promise<string> {
  const supported = { 'dynamic-import': false };
  const { code } = await transform(text, { ...COMMON, format: 'cjs', banner: STRICT, supported });
  return code;
}

/** Bundles one of the small starters in `src/build/launch/`; what it requires by `./` stays outside. */
export async function bundleLauncher(file: string): Promise<string> {
  const { outputFiles } = await build({
    ...COMMON,
    absWorkingDir: inRoot(),
    entryPoints: [file],
    write: false,
    bundle: true,
    format: 'cjs',
    external: ['./modules/*', './package.json'],
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error(`esbuild wrote nothing for ${file}`);
  return output.text;
}
