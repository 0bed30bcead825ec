import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from './repository.ts';
import recorded from './runtimes.json' with { type: 'json' };
import type { Runtime } from './targets.ts';

/**
 * The path of a Node binary for another machine, taken from the npm registry. What arrives is held to the
 * integrity in package-lock.json, or in runtimes.json for a version that the lock file does not have.
 * Throws when the registry has no such package or the bytes are not the recorded ones.
 */
export function fetchRuntime(runtime: Runtime): string {
  const folder = inRoot('build', 'runtimes', `${runtime.package}-${runtime.version}`);
  const archive = join(folder, `${runtime.package}-${runtime.version}.tgz`);
  mkdirSync(folder, { recursive: true });
  if (!existsSync(archive)) npmPack(runtime, folder);
  assertIntegrity(archive, integrityOf(runtime));
  run('tar', ['-xzf', archive, '-C', folder, `package/${runtime.file}`]);
  return join(folder, 'package', runtime.file);
}

/** The recorded integrity of a runtime (`sha512-…`). */
export function integrityOf(runtime: Runtime): string {
  const known: Readonly<Record<string, string>> = recorded;
  const integrity = known[`${runtime.package}@${runtime.version}`] ?? lockedIntegrity(runtime);
  if (integrity === undefined) {
    throw new Error(`no integrity is recorded for ${runtime.package}@${runtime.version}`);
  }
  return integrity;
}

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly integrity?: string }>>;
}

function lockedIntegrity(runtime: Runtime): string | undefined {
  const lock: LockFile = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8'));
  const entry = lock.packages[`node_modules/${runtime.package}`];
  return entry?.version === runtime.version ? entry.integrity : undefined;
}

function assertIntegrity(file: string, integrity: string): void {
  const separator = integrity.indexOf('-');
  const algorithm = integrity.slice(0, separator);
  const digest = createHash(algorithm).update(readFileSync(file)).digest('base64');
  if (digest !== integrity.slice(separator + 1)) {
    throw new Error(`${file}: expected ${integrity}, got ${algorithm}-${digest}; delete it and try again`);
  }
}

function npmPack(runtime: Runtime, folder: string): void {
  run('npm', ['pack', `${runtime.package}@${runtime.version}`, '--silent', '--pack-destination', folder]);
}

function run(command: string, args: readonly string[]): void {
  const result = spawnSync(command, args, { cwd: inRoot(), stdio: ['ignore', 'ignore', 'inherit'] });
  if (result.status !== 0) {
    throw new Error(`${command} ${args.join(' ')}: ${result.error?.message ?? `exit ${result.status}`}`);
  }
}
