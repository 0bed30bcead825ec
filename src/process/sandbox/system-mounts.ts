import { existsSync, lstatSync, readlinkSync, realpathSync } from 'node:fs';
import type { Mount } from './mounts.ts';

/** Folders of programs and libraries; on most systems all but the first are links into it. */
const PROGRAMS = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];

/** What programs need to know of this system. No passwords, no keys, no configuration of services. */
const SETTINGS =
  `alternatives ca-certificates ca-certificates.conf ssl pki crypto-policies ld.so.cache ld.so.conf ld.so.conf.d
   localtime timezone passwd group nsswitch.conf hosts host.conf mime.types protocols services gai.conf os-release
   debian_version java-17-openjdk java-21-openjdk`.split(/\s+/);

/** Keys that lie beside certificates: a stage that runs as root could read them. */
const HIDDEN = ['/etc/ssl/private', '/etc/pki/tls/private', '/etc/pki/CA/private'];

/** How names are resolved: shown only with the network. */
const RESOLVER = '/etc/resolv.conf';

/** What every sandbox shows of the system it runs on, read-only, and its own /proc, /dev and temporary folders. */
export function systemMounts(network: boolean): readonly (readonly [string, Mount])[] {
  const settings = SETTINGS.map((name) => `/etc/${name}`);
  const shown = [...settings, ...(network ? [RESOLVER] : [])].filter((path) => existsSync(path));
  return [
    ...PROGRAMS.flatMap(programs),
    ...shown.map((path): readonly [string, Mount] => [path, { kind: 'read-only', source: path }]),
    ...HIDDEN.filter((path) => existsSync(path) && realpathSync(path) === path).map(
      (path): readonly [string, Mount] => [path, { kind: 'empty' }],
    ),
    ['/proc', { kind: 'proc' }],
    ['/dev', { kind: 'dev' }],
    ['/tmp', { kind: 'empty' }],
    ['/var/tmp', { kind: 'empty' }],
  ];
}

function programs(place: string): readonly (readonly [string, Mount])[] {
  const there = lstatSync(place, { throwIfNoEntry: false });
  if (there?.isSymbolicLink() === true) return [[place, { kind: 'link', target: readlinkSync(place) }]];
  return there?.isDirectory() === true ? [[place, { kind: 'read-only', source: place }]] : [];
}
