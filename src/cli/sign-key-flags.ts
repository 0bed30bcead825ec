import type { KeySource } from '../core/run-plan.ts';
import { type FlagSpec, numberKind, valueFlag } from './flag-spec.ts';
import type { FlagReader } from './read-flags.ts';

const FILE = 'sign-key';
const DESCRIPTOR = 'sign-key-fd';

/** Where the key is that the report is signed with; the key itself is never typed. */
export function signKeyFlags(group: string): readonly FlagSpec[] {
  return [
    valueFlag({ type: 'path' }, 'P', {
      name: FILE,
      group,
      help: 'an Ed25519 private key that the report is signed with, however the run ends; PEM, mode 0600, outside the repository; to be given again on resume',
      configKey: 'sign_key_file',
    }),
    valueFlag(numberKind('sign_key_fd'), 'N', {
      name: DESCRIPTOR,
      group,
      help: 'the same key, from an open descriptor, which is read to its end and closed',
    }),
  ];
}

/** What the flags say; to be asked before the reader's problems are, like every value. */
export function readSignKeySource(flags: FlagReader): KeySource | null {
  const fd = flags.number(DESCRIPTOR);
  if (fd !== undefined) return { from: 'descriptor', fd };
  const path = flags.path(FILE);
  return path === undefined ? null : { from: 'file', path };
}

/** What is wrong with both together, or with one descriptor for two keys; or nothing. */
export function signKeyContradictions(flags: FlagReader): readonly string[] {
  const both = flags.isOn(FILE) && flags.isOn(DESCRIPTOR);
  const shared = flags.isOn(DESCRIPTOR) && flags.number(DESCRIPTOR) === flags.number('state-key-fd');
  return [
    ...(both ? [`--${FILE}: expected without --${DESCRIPTOR}, got both`] : []),
    ...(shared ? [`--${DESCRIPTOR}: expected a descriptor of its own, got that of --state-key-fd`] : []),
  ];
}
