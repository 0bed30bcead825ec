import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';

const SOURCE = join(import.meta.dirname, 'shim.c');
const FOLDER = join(import.meta.dirname, '../../../build/campaigns');

/** The shim's file, or why there is none here. */
export type Shim =
  | { readonly file: string; readonly missing: null }
  | { readonly file: null; readonly missing: string };

/**
 * Builds the shim with the system's C compiler, once for each content of its source. Throws where the compiler is
 * there and refuses the source.
 */
export function buildShim(): Shim {
  if (process.platform !== 'linux') return { file: null, missing: 'needs Linux (LD_PRELOAD, /proc)' };
  const digest = createHash('sha256').update(readFileSync(SOURCE)).digest('hex').slice(0, 16);
  const file = join(FOLDER, `shim-${digest}.so`);
  if (existsSync(file)) return { file, missing: null };
  if (!hasCompiler()) return { file: null, missing: 'needs a C compiler (cc) to build the shim' };
  mkdirSync(FOLDER, { recursive: true });
  // Several campaigns may build it at the same time: each its own, and the name is given whole.
  const own = `${file}.${process.pid}`;
  execFileSync('cc', ['-shared', '-fPIC', '-O1', '-Wall', '-Wextra', '-Werror', '-o', own, SOURCE]);
  renameSync(own, file);
  return { file, missing: null };
}

function hasCompiler(): boolean {
  try {
    execFileSync('cc', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
