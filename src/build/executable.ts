import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { bundleLauncher, bundleProduct } from './bundle.ts';
import { makeCodeCache } from './code-cache.ts';
import { packExecutable } from './pkg-sea.ts';
import { inRoot } from './repository.ts';
import { fetchRuntime } from './runtime.ts';
import { signMachO } from './sign-mach-o.ts';
import type { Target } from './targets.ts';
import { thirdPartyNotices } from './third-party.ts';
import { trimElf } from './trim-elf.ts';
import { wrapAsFunction } from './wrapper.ts';

/** The parts that every executable is made of, on disk in the build's work folder. */
export interface Parts {
  readonly work: string;
  readonly entry: string;
  readonly product: string;
  /** The licences of what is in the bundle. */
  readonly notices: string;
}

/** Bundles the product and the launcher into a fresh `build/executable/`. */
export async function prepareParts(): Promise<Parts> {
  const work = inRoot('build', 'executable');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const { code, metafile } = await bundleProduct();
  const [entry, product] = [join(work, 'entry.cjs'), join(work, 'product.js')];
  writeFileSync(entry, await bundleLauncher('src/build/launch/sea.ts'));
  writeFileSync(product, wrapAsFunction(code), 'latin1');
  return { work, entry, product, notices: thirdPartyNotices(metafile) };
}

/** The code cache of this machine's runtime, or an empty file: V8 rejects the cache of another machine anyway. */
export function prepareCodeCache(parts: Parts, isHost: boolean): string {
  if (isHost) return makeCodeCache(parts.product, parts.work);
  const empty = join(parts.work, 'no-code-cache');
  writeFileSync(empty, '');
  return empty;
}

/**
 * Makes one executable at `output`, which is replaced only when everything has worked.
 *
 * @returns its SHA-256 and size in bytes
 */
export function makeExecutable(
  parts: Parts,
  { target, isHost, output }: { readonly target: Target; readonly isHost: boolean; readonly output: string },
): { readonly sha256: string; readonly bytes: number } {
  const unfinished = join(dirname(output), `.${basename(output)}.unfinished`);
  mkdirSync(dirname(output), { recursive: true });
  packExecutable({
    target,
    runtime: prepareRuntime(parts, target, isHost),
    generator: target.generator === null ? null : fetchRuntime(target.generator),
    entry: parts.entry,
    assets: { product: parts.product, 'code-cache': prepareCodeCache(parts, isHost) },
    output: unfinished,
    work: parts.work,
  });
  if (target.pkg.platform === 'macos') {
    writeFileSync(unfinished, signMachO(readFileSync(unfinished), 'orchestrator'));
  }
  renameSync(unfinished, output);
  rmSync(join(parts.work, 'node'), { force: true });
  const bytes = readFileSync(output);
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
}

/** Injection must come last: a binary that is trimmed afterwards does not start. */
function prepareRuntime(parts: Parts, target: Target, isHost: boolean): string {
  const original = isHost ? process.execPath : fetchRuntime(target.runtime);
  if (target.pkg.platform !== 'linux') return original;
  const trimmed = join(parts.work, 'node');
  writeFileSync(trimmed, trimElf(readFileSync(original)), { mode: 0o755 });
  return trimmed;
}
