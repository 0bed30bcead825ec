import t from 'tap';
import { bundleProduct } from '../../src/build/bundle.ts';
import { thirdPartyNotices } from '../../src/build/third-party.ts';
import { wrapAsFunction } from '../../src/build/wrapper.ts';

t.test('the bundle is one text that needs nothing but Node', async (t) => {
  const { code, metafile } = await bundleProduct();
  t.match(code, /^"use strict";/, 'and is strict, as its modules are');
  t.notMatch(code, /[^\x00-\x7f]/, 'only ASCII: V8 keeps one byte for each character');
  t.notMatch(code, /\bimport\(/, 'no module loader at run time');
  t.notMatch(code, /import\.meta/);
  t.notMatch(code, /\bSegmenter\b/, 'string-width is replaced');
  t.notMatch(code, /process\.env\.NODE_ENV/, 'the environment does not choose between two programs');
  const inputs = Object.keys(metafile.inputs);
  t.ok(inputs.includes('src/main.ts'));
  const ofTheBuild = inputs.filter(
    (path) => path.startsWith('src/build/') && !path.startsWith('src/build/shims/'),
  );
  t.strictSame(ofTheBuild, [], 'nothing of the build is shipped');
  t.doesNotThrow(() => new Function(`return ${wrapAsFunction(code)}`));
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
