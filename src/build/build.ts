/**
 * `make build` and `make dist`:
 *
 *     node src/build/build.ts --host bin/orchestrator     the executable for this machine
 *     node src/build/build.ts --all dist                  one for every target, and SHA256SUMS
 */
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { makeExecutable, type Parts, prepareParts } from './executable.ts';
import { assertPinnedNode, inRoot, pinnedNodeVersion } from './repository.ts';
import { hostName, hostTarget, type Target, targets } from './targets.ts';
import { runtimeNotice } from './third-party.ts';

assertPinnedNode();
const [mode = '', destination = ''] = process.argv.slice(2);
if (mode === '--host') {
  const parts = await prepareParts();
  buildOne(parts, hostTarget(pinnedNodeVersion()), inRoot(destination));
} else if (mode === '--all') {
  await buildAll(inRoot(destination));
} else {
  throw new Error('expected --host FILE or --all FOLDER');
}

function buildOne(parts: Parts, target: Target, output: string): string {
  const isHost = target.name === hostName() && target.runtime.version === process.versions.node;
  const { sha256, bytes } = makeExecutable(parts, { target, isHost, output });
  console.log(`  ${relative(inRoot(), output)}  ${(bytes / 1e6).toFixed(1)} MB  sha256 ${sha256}`);
  return sha256;
}

async function buildAll(folder: string): Promise<void> {
  const parts = await prepareParts();
  const sums = targets(pinnedNodeVersion()).map((target) => {
    const sha256 = buildOne(parts, target, join(folder, target.fileName));
    return `${sha256}  ${target.fileName}\n`;
  });
  writeFileSync(join(folder, 'SHA256SUMS'), sums.join(''));
  writeFileSync(join(folder, 'THIRD-PARTY-NOTICES.txt'), `${parts.notices}\n${runtimeNotice()}`);
}
