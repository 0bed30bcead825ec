import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { bundleLauncher, bundleProduct } from './bundle.ts';
import { writeCedarModule } from './cedar-asset.ts';
import { writeHelpPages } from './help-pages-asset.ts';
import { packExecutable } from './pkg-sea.ts';
import { inRoot } from './repository.ts';
import { fetchRuntime } from './runtime.ts';
import { indexOf, type ProductScript, packScripts } from './scripts.ts';
import { signMachO } from './sign-mach-o.ts';
import { compileScripts, traceUses } from './start-up.ts';
import type { Target } from './targets.ts';
import { thirdPartyNotices } from './third-party.ts';
import { trimElf } from './trim-elf.ts';

/** The parts that every executable is made of, on disk in a folder of this build's own. */
export interface Parts {
  readonly work: string;
  readonly entry: string;
  readonly scripts: readonly ProductScript[];
  /** The licences of what is in the bundle. */
  readonly notices: string;
}

/** Bundles the product, tries it, and packs it into scripts. Throws when a use of it does not work. The caller removes `work`. */
export async function prepareParts(): Promise<Parts> {
  mkdirSync(inRoot('build'), { recursive: true });
  const bundle = await bundleProduct();
  const scripts = packScripts(bundle, traceUses(bundle));
  const work = mkdtempSync(inRoot('build', 'executable-'));
  const entry = join(work, 'entry.cjs');
  writeFileSync(entry, await bundleLauncher('src/build/launch/sea.ts'));
  return { work, entry, scripts, notices: thirdPartyNotices(bundle.metafile) };
}

/** Where, and what for, one executable is made. */
export interface Order {
  readonly target: Target;
  /** Whether the runtime is the Node that runs the build. */
  readonly isHost: boolean;
  readonly output: string;
}

/**
 * Makes one executable, which takes its place only when everything has worked.
 *
 * @returns its SHA-256 and size in bytes
 */
export function makeExecutable(
  parts: Parts,
  order: Order,
): { readonly sha256: string; readonly bytes: number } {
  const { target, isHost, output } = order;
  const unfinished = join(parts.work, basename(output));
  mkdirSync(dirname(output), { recursive: true });
  packExecutable({
    target,
    runtime: prepareRuntime(parts, order),
    generator: target.generator === null ? null : fetchRuntime(target.generator),
    entry: parts.entry,
    assets: writeAssets(parts, isHost),
    output: unfinished,
    work: parts.work,
  });
  if (target.pkg.platform === 'macos') {
    writeFileSync(unfinished, signMachO(readFileSync(unfinished), 'orchestrator'));
  }
  renameSync(unfinished, output);
  const bytes = readFileSync(output);
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
}

/** V8 rejects the code cache of another machine, so only the executable for this one gets it. */
function writeAssets({ work, scripts }: Parts, hasCodeCache: boolean): Record<string, string> {
  const folder = join(work, 'assets');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const { name, text } of scripts) writeFileSync(join(folder, name), text, 'latin1');
  if (hasCodeCache) compileScripts(folder, scripts);
  writeCedarModule(folder);
  writeHelpPages(folder);
  writeFileSync(join(folder, 'index'), JSON.stringify(indexOf(scripts, hasCodeCache)));
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [name, join(folder, name)]),
  );
}

/** Injection must come last: a binary that is trimmed afterwards does not start. */
function prepareRuntime(parts: Parts, { target, isHost }: Order): string {
  const original = isHost ? process.execPath : fetchRuntime(target.runtime);
  if (target.pkg.platform !== 'linux') return original;
  const trimmed = join(parts.work, 'node');
  writeFileSync(trimmed, trimElf(readFileSync(original)), { mode: 0o755 });
  return trimmed;
}
