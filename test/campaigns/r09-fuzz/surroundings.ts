import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Path → what is there: kind, mode, and content by its digest. */
export type Surroundings = ReadonlyMap<string, string>;

/** Everything below a folder, as it is now; links are not followed. */
export function takeSurroundings(folder: string): Surroundings {
  return new Map(pathsBelow(folder).map((path) => [relative(folder, path), describe(path)]));
}

function pathsBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? [path, ...pathsBelow(path)] : [path];
  });
}

function describe(path: string): string {
  const stats = lstatSync(path);
  const mode = stats.mode.toString(8);
  if (stats.isSymbolicLink()) return `${mode} → ${readlinkSync(path)}`;
  if (!stats.isFile()) return mode;
  return `${mode} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
}

/** The paths that were made, changed or removed. */
export function differences(before: Surroundings, after: Surroundings): readonly string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path)).sort();
}
