import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { inRoot } from '../../src/build/repository.ts';
import { CEDAR_MODULE, readCedarModule } from '../../src/system/cedar-module.ts';

const WHOLE = readFileSync(inRoot('node_modules/@cedar-policy/cedar-wasm/web/cedar_wasm_bg.wasm'));

t.test('from source the module is the one that the glue was made with', async (t) => {
  t.ok(WHOLE.equals(readCedarModule(inRoot('src/main.ts'))));
});

t.test('of a package it lies beside the script, however that was started', async (t) => {
  const folder = t.testdir({ package: { 'orchestrator.cjs': '', [CEDAR_MODULE]: 'module' } });
  mkdirSync(join(folder, 'bin'));
  symlinkSync('../package/orchestrator.cjs', join(folder, 'bin/orchestrator'));
  writeFileSync(join(folder, 'bin', CEDAR_MODULE), 'somebody else put it there');
  for (const script of ['package/orchestrator.cjs', 'bin/orchestrator']) {
    t.equal(Buffer.from(readCedarModule(join(folder, script))).toString(), 'module', script);
  }
});
