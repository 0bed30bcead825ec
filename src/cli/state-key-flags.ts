import type { StateKeySource } from '../core/run-plan.ts';
import { type FlagSpec, numberKind, valueFlag } from './flag-spec.ts';
import type { FlagReader } from './read-flags.ts';

const FILE = 'state-key-file';
const DESCRIPTOR = 'state-key-fd';

/** Where the state key is; the key itself is never typed: argv is seen by every process. */
export function stateKeyFlags(group: string): readonly FlagSpec[] {
  return [
    valueFlag({ type: 'path' }, 'P', {
      name: FILE,
      group,
      help: 'a key that checkpoint and audit log are authenticated with, in a file of mode 0600 outside the repository; to be given again on resume',
      configKey: 'state_key_file',
    }),
    valueFlag(numberKind('state_key_fd'), 'N', {
      name: DESCRIPTOR,
      group,
      help: 'the same key, from an open descriptor, which is read to its end and closed',
    }),
  ];
}

/** What the flags say; to be asked before the reader's problems are, like every value. */
export function readStateKeySource(flags: FlagReader): StateKeySource | null {
  const fd = flags.number(DESCRIPTOR);
  if (fd !== undefined) return { from: 'descriptor', fd };
  const path = flags.path(FILE);
  return path === undefined ? null : keyFile(path);
}

/** A key in a file; `path` is absolute. */
export function keyFile(path: string): StateKeySource {
  return { from: 'file', path };
}

/** What is wrong with both together, or nothing. */
export function stateKeyContradictions(flags: FlagReader): readonly string[] {
  const both = flags.isOn(FILE) && flags.isOn(DESCRIPTOR);
  return both ? [`--${FILE}: expected without --${DESCRIPTOR}, got both`] : [];
}
