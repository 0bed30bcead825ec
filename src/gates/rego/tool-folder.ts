import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { blocking, type GateDetail } from '../../core/gates/gate-document.ts';
import type { PolicyFolder } from '../../core/gates/policy-folder.ts';
import { fail, ok, type Result } from '../../core/result.ts';

/** What the Rego tools read: anything else in a policy folder is left out, its description of itself as well. */
export function regoFilesOf({ files }: PolicyFolder): PolicyFolder['files'] {
  return new Map(
    [...files].filter(([name]) => /\.(?:rego|json|ya?ml)$/.test(name) && name !== 'policy.json'),
  );
}

/**
 * Writes files into a new folder below `scratch`, hands it on, and removes it. A tool that is started there finds no
 * configuration but what is given to it. What cannot be written, because of the disk or of what a tool has made of the
 * folder, is a detail that blocks.
 */
export async function inToolFolder<Answer>(
  scratch: string,
  files: ReadonlyMap<string, Uint8Array | string>,
  use: (folder: string) => Promise<Answer>,
): Promise<Result<Answer, GateDetail>> {
  let folder: string | null = null;
  try {
    folder = mkdtempSync(join(scratch, 'policy-'));
    write(folder, files);
  } catch (error) {
    if (folder !== null) remove(folder);
    return fail(blocking('policy_error', scratch, `expected a folder for the tool, got ${codeOf(error)}`));
  }
  try {
    return ok(await use(folder));
  } finally {
    remove(folder);
  }
}

function write(folder: string, files: ReadonlyMap<string, Uint8Array | string>): void {
  for (const [name, content] of files) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { flag: 'wx', mode: 0o600 });
  }
}

/** What is left goes with `scratch`; a decision does not depend on it. */
function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Something in it is not ours to remove.
  }
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : 'another error';
}
