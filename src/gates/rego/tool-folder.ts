import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PolicyFolder } from '../../core/gates/policy-folder.ts';

/** What the Rego tools read: anything else in a policy folder is left out, its description of itself as well. */
export function regoFilesOf({ files }: PolicyFolder): PolicyFolder['files'] {
  return new Map(
    [...files].filter(([name]) => /\.(?:rego|json|ya?ml)$/.test(name) && name !== 'policy.json'),
  );
}

/**
 * Writes files into a new folder below `scratch`, hands it on, and removes it. A tool that is started there finds no
 * configuration but what is given to it. Throws what the disk throws.
 */
export async function inToolFolder<Answer>(
  scratch: string,
  files: ReadonlyMap<string, Uint8Array | string>,
  use: (folder: string) => Promise<Answer>,
): Promise<Answer> {
  const folder = mkdtempSync(join(scratch, 'policy-'));
  try {
    for (const [name, content] of files) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content, { flag: 'wx', mode: 0o600 });
    }
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
