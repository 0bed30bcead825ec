/**
 * `make npm-package`: what is published to npm, in `build/npm/`. The product is bundled, so the package depends
 * on nothing, and it runs on the user's Node: the pinned one is not shipped. Then the package is packed,
 * installed into an empty folder without a network, and run.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { manPage } from '../cli/man-page.ts';
import { VERSION } from '../system/version.ts';
import { bundleLauncher, bundleProduct } from './bundle.ts';
import { writeCedarModule } from './cedar-asset.ts';
import { writeHelpPages } from './help-pages-asset.ts';
import { assertPinnedNode, inRoot, readManifest } from './repository.ts';
import { thirdPartyNotices } from './third-party.ts';
import { uses } from './uses.ts';

assertPinnedNode();
const folder = inRoot('build', 'npm');
await writePackage();
const tarball = pack();
tryOut(tarball);
console.log(`  build/npm and build/${tarball}`);

async function writePackage(): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const product = await bundleProduct();
  const command = join(folder, 'orchestrator.cjs');
  writeFileSync(command, `#!/usr/bin/env node\n${await bundleLauncher('src/build/launch/npm.ts')}`);
  chmodSync(command, 0o755);
  mkdirSync(join(folder, 'modules'));
  for (const [name, text] of product.modules) writeFileSync(join(folder, 'modules', name), text);
  writeCedarModule(folder);
  writeHelpPages(folder);
  mkdirSync(join(folder, 'man'));
  writeFileSync(join(folder, 'man', 'orchestrator.1'), manPage(VERSION));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(publishedManifest(), null, 2)}\n`);
  writeFileSync(join(folder, 'THIRD-PARTY-NOTICES.txt'), thirdPartyNotices(product.metafile));
  for (const part of ['README.md', 'LICENSE', 'schemas']) {
    if (existsSync(inRoot(part))) cpSync(inRoot(part), join(folder, part), { recursive: true });
  }
}

/** Of our own manifest only what a user of the package needs: no dependencies, no scripts, no pinned Node. */
function publishedManifest(): object {
  const { name, version, description, license, engines } = readManifest();
  const shipped = { bin: { orchestrator: 'orchestrator.cjs' }, man: ['man/orchestrator.1'] };
  return { name, version, description, license, engines, ...shipped };
}

function pack(): string {
  const { name, version } = readManifest();
  run('npm', ['pack', folder, '--silent', '--pack-destination', inRoot('build')], inRoot('build'));
  return `${String(name).replace(/^@/, '').replace('/', '-')}-${version}.tgz`;
}

function tryOut(tarball: string): void {
  const elsewhere = mkdtempSync(join(tmpdir(), 'orchestrator-npm-'));
  try {
    writeFileSync(join(elsewhere, 'package.json'), '{}');
    run('npm', ['install', '--offline', '--silent', inRoot('build', tarball)], elsewhere);
    const command = join(elsewhere, 'node_modules', '.bin', 'orchestrator');
    for (const { args } of uses(elsewhere)) run(command, args, elsewhere);
    // What lies beside the command comes with it.
    run(command, ['help', 'stage_failed'], elsewhere);
  } finally {
    rmSync(elsewhere, { recursive: true, force: true });
  }
}

function run(command: string, args: readonly string[], cwd: string): void {
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const result = spawnSync(command, args, { cwd, env: { ...process.env, PATH }, encoding: 'utf8' });
  if (result.status !== 0) {
    throw new Error(`${command} ${args.join(' ')}: exit ${result.status}\n${result.stdout}${result.stderr}`);
  }
}
