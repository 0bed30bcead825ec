/**
 * `make build` and `make dist`:
 *
 *     node src/build/build.ts --host bin/orchestrator     the executable for this machine
 *     node src/build/build.ts --all dist                  one for every target, and SHA256SUMS
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { manPage } from '../cli/man-page.ts';
import { VERSION } from '../system/version.ts';
import { makeExecutable, prepareParts } from './executable.ts';
import { assertPinnedNode, inRoot, pinnedNodeVersion } from './repository.ts';
import { hostName, hostTarget, type Target, targets } from './targets.ts';
import { runtimeNotice } from './third-party.ts';

assertPinnedNode();
const pinned = pinnedNodeVersion();
const [mode = '', destination = ''] = process.argv.slice(2);
if (mode !== '--host' && mode !== '--all') throw new Error('expected --host FILE or --all FOLDER');

const parts = await prepareParts();
try {
  if (mode === '--host') buildOne(hostTarget(pinned), inRoot(destination));
  else buildAll(inRoot(destination));
} finally {
  rmSync(parts.work, { recursive: true });
}

function buildOne(target: Target, output: string): string {
  const isHost = target.name === hostName() && target.runtime.version === pinned;
  const { sha256, bytes } = makeExecutable(parts, { target, isHost, output });
  console.log(`  ${relative(inRoot(), output)}  ${(bytes / 1e6).toFixed(1)} MB  sha256 ${sha256}`);
  return sha256;
}

function buildAll(folder: string): void {
  const sums = targets(pinned).map((target) => {
    const sha256 = buildOne(target, join(folder, target.fileName));
    return `${sha256}  ${target.fileName}\n`;
  });
  writeFileSync(join(folder, 'SHA256SUMS'), sums.join(''));
  writeFileSync(join(folder, 'orchestrator.1'), manPage(VERSION));
  writeFileSync(join(folder, 'THIRD-PARTY-NOTICES.txt'), `${parts.notices}\n${runtimeNotice()}`);
}
