import { APPROVER_LENGTH, NOTE_LENGTH, VERDICTS } from '../core/gates/approval.ts';
import { GATE_ORDER } from '../core/gates/gate.ts';
import { type FlagSpec, numberKind, valueFlag } from './flag-spec.ts';
import type { ApproveRequest } from './operations.ts';
import type { FlagReader } from './read-flags.ts';

const GROUP = 'Approval';
const DEFAULT_EXPIRY_MS = 24 * 60 * 60 * 1000;

/** The flags of `approve` that no other command has. */
export function approveFlags(): readonly FlagSpec[] {
  const text = (name: string, placeholder: string, help: string, byDefault: string | null = null): FlagSpec =>
    valueFlag({ type: 'text' }, placeholder, { name, group: GROUP, help, byDefault });
  return [
    valueFlag({ type: 'path' }, 'P', {
      name: 'key',
      group: GROUP,
      help: "the approver's Ed25519 private key: PEM, mode 0600",
    }),
    valueFlag(numberKind('sign_key_fd'), 'N', {
      name: 'key-fd',
      group: GROUP,
      help: 'the same key, from an open descriptor',
    }),
    valueFlag({ type: 'choice', choices: GATE_ORDER }, GATE_ORDER.join('|'), {
      name: 'gate',
      group: GROUP,
      help: 'the gate that is spoken of',
      byDefault: 'review',
    }),
    valueFlag({ type: 'choice', choices: VERDICTS }, VERDICTS.join('|'), {
      name: 'verdict',
      group: GROUP,
      help: 'what is said of it',
      byDefault: 'approved',
    }),
    valueFlag({ type: 'duration' }, 'D', {
      name: 'expires',
      group: GROUP,
      help: 'how long it holds',
      byDefault: '24h',
    }),
    text('approver', 'NAME', 'who says it', 'the login'),
    text('note', 'TEXT', 'why'),
    valueFlag({ type: 'path' }, 'P', {
      name: 'write',
      group: GROUP,
      help: 'where it is written',
      byDefault: '<out_dir>.<gate>.<key>.json',
    }),
  ];
}

/** What the flags say, without the place of the evidence; to be asked before the reader's problems are. */
export function readApproval(flags: FlagReader): {
  readonly approval: Pick<
    ApproveRequest,
    'signKey' | 'gate' | 'verdict' | 'expiresMs' | 'approver' | 'note' | 'write'
  >;
  readonly problems: readonly string[];
} {
  const fd = flags.number('key-fd');
  const path = flags.path('key');
  const signKey =
    fd === undefined ? { from: 'file' as const, path: path ?? '' } : { from: 'descriptor' as const, fd };
  const [approver, note] = [flags.text('approver') ?? null, flags.text('note') ?? null];
  const expiresMs = flags.duration('expires') ?? DEFAULT_EXPIRY_MS;
  const given = [flags.isOn('key'), flags.isOn('key-fd')].filter((one) => one).length;
  return {
    approval: {
      signKey,
      gate: GATE_ORDER.find((one) => one === flags.choice('gate')) ?? 'review',
      verdict: VERDICTS.find((one) => one === flags.choice('verdict')) ?? 'approved',
      expiresMs,
      approver,
      note,
      write: flags.path('write') ?? null,
    },
    problems: [
      ...(given === 1
        ? []
        : [`approve: expected --key or --key-fd, got ${given === 0 ? 'neither' : 'both'}`]),
      ...tooLong('approver', approver, APPROVER_LENGTH),
      ...tooLong('note', note, NOTE_LENGTH),
      ...(expiresMs >= 1000 ? [] : ['--expires: expected at least 1s']),
      ...(expiresMs <= MAX_EXPIRY_MS ? [] : ['--expires: expected at most 3650d']),
    ],
  };
}

const MAX_EXPIRY_MS = 3650 * 24 * 60 * 60 * 1000;

function tooLong(name: string, text: string | null, limit: number): readonly string[] {
  if (text === null || text.length <= limit) return [];
  return [`--${name}: expected at most ${limit} characters, got ${text.length}`];
}
