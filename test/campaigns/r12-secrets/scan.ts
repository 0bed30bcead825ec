import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { tracesIn } from './canaries.ts';

/** What is found in the names and contents of all files below a folder, the ones that `skip` names aside. */
export function scanFolder(folder: string, skip: (path: string) => boolean = () => false): readonly string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    if (skip(path)) return [];
    const content = entry.isFile()
      ? readFileSync(path)
      : Buffer.from(entry.isSymbolicLink() ? readlinkSync(path) : '');
    const shown = path.slice(folder.length + 1);
    return tracesIn(Buffer.concat([Buffer.from(`${shown}\n`), content])).map((one) => `${shown}: ${one}`);
  });
}
