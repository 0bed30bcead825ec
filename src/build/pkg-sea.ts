import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { inRoot } from './repository.ts';
import { hostName, type Target } from './targets.ts';

/** What pkg is to make one executable of. All paths are absolute. */
export interface Packaging {
  readonly target: Target;
  /** The Node binary that becomes the executable. */
  readonly runtime: string;
  /** A Node of the same version that runs here; null where the build's own Node is that version. */
  readonly generator: string | null;
  /** The main script, CommonJS. */
  readonly entry: string;
  /** Files that the main script reads by `sea.getAsset(name)`. */
  readonly assets: Readonly<Record<string, string>>;
  readonly output: string;
  /** A folder of our own; `entry` must lie in it. */
  readonly work: string;
}

/** The options that Node stores in the executable, in the words of its sea-config.json. */
const SEA_OPTIONS = {
  disableExperimentalSEAWarning: true,
  useSnapshot: false,
  useCodeCache: false,
  // Neither NODE_OPTIONS nor --node-options reach the runtime, and SIGUSR1 opens no debugger.
  execArgvExtension: 'none',
  execArgv: ['--disable-sigusr1'],
} as const;

/**
 * Has pkg make one executable in its simple SEA mode. pkg would download its Node binaries: it finds ours in
 * its cache instead, which is looked for in HOME. Throws with what pkg printed when it fails.
 */
export function packExecutable(packaging: Packaging): void {
  const home = join(packaging.work, 'home');
  const temporary = join(packaging.work, 'tmp');
  for (const folder of [home, temporary]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  fillCache(home, packaging);
  const jobFile = join(packaging.work, 'pkg-job.json');
  writeFileSync(jobFile, JSON.stringify(describeJob(packaging, temporary)));
  const result = spawnSync(process.execPath, [inRoot('src/build/pkg-sea-child.ts'), jobFile], {
    cwd: packaging.work,
    env: { PATH: '/usr/bin:/bin', HOME: home, USERPROFILE: home, TMPDIR: temporary },
    encoding: 'utf8',
  });
  if (result.status !== 0) throw new Error(`pkg failed:\n${result.stdout}${result.stderr}`);
  chmodSync(packaging.output, 0o755);
  for (const folder of [home, temporary]) rmSync(folder, { recursive: true, force: true });
}

/** The call that pkg-sea-child.ts makes: `sea(entry, options)`. */
export interface PkgJob {
  readonly entry: string;
  readonly options: object;
}

function describeJob({ target, entry, assets, output }: Packaging, temporary: string): PkgJob {
  // pkg generates the blob in a folder of its own inside TMPDIR. The path of the main script goes into the
  // blob as it is written here: relative to that folder, it is the same in every checkout.
  const main = relative(join(temporary, 'pkg-sea-XXXXXX'), entry);
  return {
    entry,
    options: {
      targets: [{ nodeRange: `node${target.runtime.version}`, ...target.pkg, output }],
      // The macOS signature is ours (sign-mach-o.ts): pkg would look for tools that are not here.
      signature: false,
      seaConfig: { ...SEA_OPTIONS, main, assets },
    },
  };
}

function fillCache(home: string, { target, runtime, generator }: Packaging): void {
  const cache = join(home, '.pkg-cache', 'sea');
  addToCache(cache, { name: target.name, version: target.runtime.version, binary: runtime });
  if (generator !== null) {
    addToCache(cache, { name: hostName(), version: target.runtime.version, binary: generator });
  }
}

/** The files that pkg takes for a finished download: the archive may be empty once `.ok` stands beside it. */
function addToCache(cache: string, node: { name: string; version: string; binary: string }): void {
  const base = join(cache, `node-v${node.version}-${node.name}`);
  const windows = node.name.startsWith('win-');
  const archive = windows ? `${base}.zip` : `${base}.tar.gz`;
  const binary = windows ? `${base}.exe` : join(base, 'bin', 'node');
  mkdirSync(dirname(binary), { recursive: true });
  copyFileSync(node.binary, binary);
  chmodSync(binary, 0o755);
  for (const marker of [archive, `${archive}.ok`, `${binary}.ok`]) writeFileSync(marker, '');
}
