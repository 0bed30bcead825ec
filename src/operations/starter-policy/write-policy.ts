import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { lstatOrNull } from '../../store/file-kind.ts';
import { STARTER_FOLDER, STARTER_POLICY } from './files.ts';

/** Whether something is where the policy would be written: nothing of it is, then. Throws what the disk throws. */
export function isPolicyThere(cwd: string): boolean {
  return lstatOrNull(join(cwd, STARTER_FOLDER)) !== null;
}

/** Writes the starter policy into a folder of its own in `cwd`; gives the paths. Throws what the disk throws. */
export async function writePolicy(cwd: string): Promise<readonly string[]> {
  const { default: writeFileAtomic } = await import('write-file-atomic');
  mkdirSync(join(cwd, STARTER_FOLDER));
  const paths = Object.keys(STARTER_POLICY).map((name) => `${STARTER_FOLDER}/${name}`);
  for (const [name, text] of Object.entries(STARTER_POLICY)) {
    await writeFileAtomic(join(cwd, STARTER_FOLDER, name), text);
  }
  return paths;
}
