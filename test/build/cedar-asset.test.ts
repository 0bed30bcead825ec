import { readFileSync } from 'node:fs';
import t from 'tap';
import { CEDAR_PACKAGE } from '../../src/build/cedar-asset.ts';
import { inRoot } from '../../src/build/repository.ts';
import { thirdPartyNotices } from '../../src/build/third-party.ts';

t.test("the executable holds Cedar's module whole", async (t) => {
  const module = readFileSync(inRoot(CEDAR_PACKAGE, 'web/cedar_wasm_bg.wasm'));
  t.ok(readFileSync(inRoot('bin/orchestrator')).includes(module));
});

t.test('all forms of the package have the same module, so that any glue fits it', async (t) => {
  const [web, node] = ['web', 'nodejs'].map((form) =>
    readFileSync(inRoot(CEDAR_PACKAGE, form, 'cedar_wasm_bg.wasm')),
  );
  t.ok(web !== undefined && node !== undefined && web.equals(node));
});

t.test('the licence of a package that only names it is passed on in full', async (t) => {
  const notices = thirdPartyNotices({ inputs: {}, outputs: {} });
  t.match(notices, /^@cedar-policy\/cedar-wasm \d+\.\d+\.\d+\n\n\s*Apache License\n/m);
  t.match(notices, 'END OF TERMS AND CONDITIONS');
});
