import { createRequire, isBuiltin } from 'node:module';
import { basename } from 'node:path';
import { Script } from 'node:vm';
import t from 'tap';
import { bundleProduct, ENTRY, wasCommonJs } from '../../src/build/bundle.ts';
import { createLoader } from '../../src/build/launch/loader.ts';
import { inRoot } from '../../src/build/repository.ts';
import { wrap } from '../../src/build/scripts.ts';
import { thirdPartyNotices } from '../../src/build/third-party.ts';

t.test('the modules of the bundle need nothing but Node and one another', async (t) => {
  const { modules, metafile } = await bundleProduct();
  t.ok(modules.has(ENTRY));
  for (const [name, text] of modules) {
    t.match(text, /^"use strict";/, `${name} is strict, as ES modules are`);
    t.notMatch(text, /[^\x00-\x7f]/, `${name} is ASCII: V8 keeps one byte for each character`);
    t.notMatch(text, /\bimport\(|import\.meta/, `${name} needs no module loader`);
    t.notMatch(text, /\bSegmenter\b/, `${name}: string-width is replaced`);
    t.notMatch(text, /process\.env\.NODE_ENV/, `${name} is not two programs`);
    // (ajv has some in texts that it writes for others.)
    const required = [...text.matchAll(/\brequire\("([^"]+)"\)/g)].map((match) => match[1] ?? '');
    const unknown = required.filter(
      (id) => !isBuiltin(id) && !id.startsWith('ajv/') && !modules.has(id.replace('./', '')),
    );
    t.strictSame(unknown, [], `${name} requires nothing else`);
  }
  const ours = Object.keys(metafile.inputs).filter((path) => path.startsWith('src/build/'));
  t.strictSame(
    ours,
    ['src/build/shims/string-width.ts'],
    'of the build itself only what was meant is shipped',
  );
});

t.test('of zod only what is used is shipped, no translations', async (t) => {
  const { modules } = await bundleProduct();
  const german = [...modules].filter(([, text]) => text.includes('Eingabe'));
  t.strictSame(
    german.map(([name]) => name),
    [],
  );
});

t.test('a package in CommonJS gives import() what Node would give it', async (t) => {
  const { modules, metafile } = await bundleProduct();
  globalThis.require = createRequire(import.meta.url);
  const load = createLoader((name) => new Script(wrap(modules.get(name) ?? '')).runInThisContext());
  const packages = Object.keys(metafile.outputs).filter((output) => wasCommonJs(metafile, output));
  t.ok(packages.length > 0);
  for (const output of packages) {
    const original = await import(inRoot(metafile.outputs[output]?.entryPoint ?? ''));
    const ours = new Set(Object.keys(Object(load(basename(output)))));
    const names = Object.keys(original).filter((name) => name !== 'module.exports' && name !== '__esModule');
    t.strictSame(
      names.filter((name) => !ours.has(name)),
      [],
      basename(output),
    );
  }
});

t.test('every package in the bundle is named with its licence', async (t) => {
  const { metafile } = await bundleProduct();
  const notices = thirdPartyNotices(metafile);
  const packages = Object.keys(metafile.inputs).flatMap(
    (path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1] ?? [],
  );
  for (const name of new Set(packages))
    t.match(notices, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+$`, 'm'), name);
});
