/**
 * What the build needs of the inside of pkg. When one of these fails after raising its version, read
 * src/build/pkg-sea.ts and -child.ts against its `lib-es5/sea.js`.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { type Packaging, packExecutable } from '../../src/build/pkg-sea.ts';
import { inRoot, pinnedNodeVersion } from '../../src/build/repository.ts';
import { hostTarget } from '../../src/build/targets.ts';

const KNOWN_VERSION = '6.23.0';
const ENTRY = `
  const { getAsset } = require('node:sea');
  console.log(JSON.stringify([getAsset('greeting', 'utf8'), process.argv.slice(2), process.execArgv]));
`;

function prepare(work: string): Packaging {
  writeFileSync(join(work, 'entry.cjs'), ENTRY);
  writeFileSync(join(work, 'greeting'), 'good morning');
  return {
    target: hostTarget(pinnedNodeVersion()),
    runtime: process.execPath,
    generator: null,
    entry: join(work, 'entry.cjs'),
    assets: { greeting: join(work, 'greeting') },
    output: join(work, 'hello'),
    work,
  };
}

t.test('pkg is the version whose inside is known', async (t) => {
  const { version } = JSON.parse(readFileSync(inRoot('node_modules/@yao-pkg/pkg/package.json'), 'utf8'));
  t.equal(version, KNOWN_VERSION);
});

t.test('an executable made by way of the inside of pkg', async (t) => {
  const packaging = prepare(t.testdir({ 'empty home': {} }));
  packExecutable(packaging);

  t.test('has its assets, gets its arguments, and ignores what the environment tells Node', async (t) => {
    const env = { NODE_OPTIONS: '--require=/nonexistent' };
    const args = ['--inspect', '--node-options=--version', 'word'];
    const { stdout, stderr } = spawnSync(packaging.output, args, { env, encoding: 'utf8' });
    t.strictSame(JSON.parse(stdout || 'null'), ['good morning', args, ['--disable-sigusr1']], stderr);
    t.equal(stderr, '');
  });

  t.test('does not contain the name of the folder that it was made in', async (t) => {
    t.notOk(readFileSync(packaging.output).includes(Buffer.from(packaging.work)));
  });

  t.test('is not made from a download when its Node is not in the cache', async (t) => {
    const job = join(packaging.work, 'pkg-job.json');
    const home = join(packaging.work, 'empty home');
    const { status, stderr } = spawnSync(process.execPath, [inRoot('src/build/pkg-sea-child.ts'), job], {
      env: { HOME: home, TMPDIR: home },
      encoding: 'utf8',
    });
    t.not(status, 0);
    t.match(stderr, /pkg wants to download https:.*its cache has another layout now/);
  });
});

t.test('what pkg said is in the message when it fails', async (t) => {
  const packaging = prepare(t.testdir());
  const gone = { ...packaging, assets: { greeting: join(packaging.work, 'nothing') } };
  t.throws(() => packExecutable(gone), /pkg failed:\n.*nothing/s);
});
