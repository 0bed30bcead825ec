import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { type JsonValue, parseStrictJson } from '../../formats/strict-json.ts';
import { errnoOf } from '../io-failure.ts';
import { readRegularFile } from '../read-regular-file.ts';

/** Who holds a generation of the lock, as it stands in `<n>.held`. */
export interface LockRecord {
  readonly version: 1;
  readonly pid: number;
  readonly start_time: string | null;
  readonly boot_id: string | null;
  readonly pid_namespace: string | null;
  readonly hostname: string;
  readonly machine_id: string | null;
  /** What `--break-lock` takes. */
  readonly token: string;
  readonly run_id: string | null;
  readonly acquired_at: string;
  /** The record's own inode: a copy of the folder has another one, and its records are nobody's. */
  readonly inode: string;
}

/** A record as found. */
export type FoundRecord =
  | { readonly kind: 'missing' }
  | { readonly kind: 'record'; readonly record: LockRecord; readonly inode: string }
  | { readonly kind: 'garbage'; readonly problem: string; readonly token: string };

const MAX_RECORD_BYTES = 64 * 1024;

/** More is no process number anywhere, and cannot be asked about. */
const MAX_PID = 2 ** 31 - 1;

/** A token is printed for people to paste into a shell. */
const TOKEN = /^[A-Za-z0-9._-]{1,64}$/;

/** Reads `<n>.held`. What is no record is garbage with a token made from its bytes: held, but breakable. */
export function readLockRecord(file: string): FoundRecord {
  const inode = inodeOf(file);
  const found = readRegularFile(file, MAX_RECORD_BYTES);
  switch (found.kind) {
    case 'missing':
      return { kind: 'missing' };
    case 'empty':
      return garbage('it is empty', '');
    case 'unreadable':
      return garbage(found.problem, found.problem);
    case 'bytes': {
      const parsed = parseStrictJson(found.bytes);
      const record = parsed.ok ? toRecord(parsed.value) : null;
      if (record === null || inode === null) return garbage('it is no lock record', found.bytes);
      return { kind: 'record', record, inode };
    }
  }
}

/** The inode of the file itself, or null where there is none. */
export function inodeOf(file: string): string | null {
  try {
    return String(lstatSync(file, { bigint: true }).ino);
  } catch (error) {
    errnoOf(error);
    return null;
  }
}

function garbage(problem: string, content: Buffer | string): FoundRecord {
  const digest = createHash('sha256').update(content).digest('hex');
  return { kind: 'garbage', problem, token: digest.slice(0, 16) };
}

function toRecord(value: JsonValue): LockRecord | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const fields = new Map(Object.entries(value));
  const pid = fields.get('pid');
  const texts = ['hostname', 'token', 'acquired_at', 'inode'].map((key) => textOf(fields.get(key)));
  const [hostname, token, acquiredAt, inode] = texts;
  if (fields.get('version') !== 1 || typeof pid !== 'number' || !Number.isSafeInteger(pid)) return null;
  if (pid < 1 || pid > MAX_PID) return null;
  if (!hostname || !token || !acquiredAt || !inode || !TOKEN.test(token)) return null;
  return {
    version: 1,
    pid,
    start_time: textOf(fields.get('start_time')),
    boot_id: textOf(fields.get('boot_id')),
    pid_namespace: textOf(fields.get('pid_namespace')),
    hostname,
    machine_id: textOf(fields.get('machine_id')),
    token,
    run_id: textOf(fields.get('run_id')),
    acquired_at: acquiredAt,
    inode,
  };
}

function textOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
