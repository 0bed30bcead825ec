import { dirname } from 'node:path';

/** What stands at one place inside a sandbox. */
export type Mount =
  | { readonly kind: 'read-only' | 'writable'; readonly source: string }
  /** A folder in memory, empty and writable, gone with the sandbox. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'proc' | 'dev' };

/** Everything that a sandboxed process can see, by absolute place; what is not named is not there. */
export type Mounts = ReadonlyMap<string, Mount>;

/** What a sandbox is made of. */
export interface SandboxView {
  readonly mounts: Mounts;
  /** Whether it shares the network of this machine. */
  readonly network: boolean;
  readonly cwd: string;
  /** The whole environment of what runs in it. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The options of bubblewrap for a view; pure. A namespace of its own for everything, no way to make further user
 * namespaces, no capabilities, a session of its own. Not `--die-with-parent`: the stage's end is that of its tree
 * (spec/orchestrate.md section 4), with SIGTERM and the grace period first, and the reaper ends it when this process
 * is killed. Places are mounted from the outside in, so that a deeper one stands on top.
 */
export function sandboxOptions(view: SandboxView): readonly string[] {
  const places = [...view.mounts].sort(([one], [other]) => compareDepth(one, other));
  return [
    ...['--unshare-all', '--unshare-user', '--disable-userns', '--new-session', '--cap-drop', 'ALL'],
    ...(view.network ? ['--share-net'] : []),
    ...places.flatMap(([place, mount]) => mountOption(place, mount)),
    ...Object.entries(view.env).flatMap(([name, value]) => ['--setenv', name, value]),
    ...['--chdir', view.cwd],
  ];
}

function mountOption(place: string, mount: Mount): readonly string[] {
  switch (mount.kind) {
    case 'read-only':
      return ['--ro-bind', mount.source, place];
    case 'writable':
      return ['--bind', mount.source, place];
    case 'empty':
      return ['--tmpfs', place];
    case 'link':
      return ['--symlink', mount.target, place];
    case 'proc':
    case 'dev':
      return [`--${mount.kind}`, place];
  }
}

function compareDepth(one: string, other: string): number {
  return one.split('/').length - other.split('/').length || (one < other ? -1 : 1);
}

/** Whether what is at `path` outside can be seen at the same path inside. */
export function isShown(mounts: Mounts, path: string): boolean {
  for (let place = path; ; place = place.slice(0, place.lastIndexOf('/'))) {
    const mount = mounts.get(place === '' ? '/' : place);
    if (mount !== undefined) return 'source' in mount && mount.source === place;
    if (place === '') return false;
  }
}

/**
 * With the folders between a writable place and what is mounted deeper in it mounted on themselves. A mount goes along
 * where a folder above it is renamed, and its place on this machine is then free for something else: a mount itself
 * cannot be renamed.
 */
export function pinPlaces(mounts: Mounts): Mounts {
  const pinned = new Map(mounts);
  for (const place of mounts.keys()) {
    const between: string[] = [];
    let folder = dirname(place);
    for (; !mounts.has(folder) && folder !== '/'; folder = dirname(folder)) between.push(folder);
    const mount = mounts.get(folder);
    if (mount?.kind !== 'writable' || mount.source !== folder) continue;
    for (const one of between) pinned.set(one, { kind: 'writable', source: one });
  }
  return pinned;
}
