/** Out_dirs that are not what a command hopes for, and what each command has to make of them. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { copyOf } from './endings.ts';
import type { Rig } from './rig.ts';

/** What is there: no run, one that cannot be read, one that is not to be trusted, one that can be rebuilt, has lost an artifact, a good one. */
export type Kind = 'none' | 'no-folder' | 'unreadable' | 'untrusted' | 'rebuilt' | 'lost' | 'good';

/** An out_dir made from a run that ended done, or blocked for `rebuilt`. */
export interface BadInput {
  readonly name: string;
  readonly kind: Kind;
  /** Said by `explain`, or by `verify` where that is not asked. */
  readonly says: RegExp;
  readonly make: (out: string, rig: Rig) => void | Promise<void>;
}

export const CHECKPOINT = 'orchestrator_checkpoint.json';
const DOCUMENTS = {
  checkpoint: CHECKPOINT,
  report: 'orchestrator_run_report.json',
  audit: 'audit.jsonl',
} as const;
type Document = keyof typeof DOCUMENTS;

/** Exit codes by kind; `verify` of what can be rebuilt is that of a blocked run. */
export const CODES: Readonly<Record<Kind, Readonly<Record<string, number>>>> = {
  none: { report: 2, explain: 2, verify: 1, list: 0, diff: 2, clean: 0 },
  'no-folder': { report: 2, explain: 2, verify: 1, list: 2, diff: 2, clean: 2 },
  unreadable: { report: 1, explain: 1, verify: 1, list: 0, diff: 1, clean: 0 },
  untrusted: { report: 1, explain: 1, verify: 1, list: 0, diff: 1, clean: 0 },
  rebuilt: { report: 0, explain: 0, verify: 3, list: 0, diff: 0, clean: 0 },
  lost: { report: 0, explain: 0, verify: 1, list: 0, diff: 0, clean: 0 },
  good: { report: 0, explain: 0, verify: 0, list: 0, diff: 0, clean: 0 },
};

function sparse(path: string): void {
  const descriptor = openSync(path, 'w');
  ftruncateSync(descriptor, 2 * 1024 ** 3);
  closeSync(descriptor);
}

async function socket(path: string): Promise<void> {
  rmSync(path, { force: true });
  const server = createServer();
  // A socket's path may be about a hundred bytes long.
  const cwd = process.cwd();
  process.chdir(dirname(path));
  await new Promise<void>((done) => server.listen('s', done));
  execFileSync('mv', ['s', path]);
  process.chdir(cwd);
  server.unref();
}

const fifo = (path: string): void => void execFileSync('mkfifo', [path]);

/** Ways in which one document can be wrong. */
const WRONGS: Readonly<Record<string, (path: string) => void | Promise<void>>> = {
  missing: (path) => rmSync(path),
  empty: (path) => truncateSync(path, 0),
  'cut in its first line': (path) => truncateSync(path, 1),
  'cut in the middle': (path) => truncateSync(path, Math.floor(statSync(path).size / 2)),
  'cut before its last byte': (path) => truncateSync(path, statSync(path).size - 1),
  edited: (path) => {
    const bytes = readFileSync(path, 'utf8');
    writeFileSync(path, bytes.replace('execution', 'executiom'));
  },
  'no text': (path) => writeFileSync(path, Buffer.from([0xff, 0xfe, 0, 0x1b, 0x5b, 0x32, 0x4a])),
  'longer than it was': (path) => appendFileSync(path, '{"more": 1}\n'),
  'a folder': (path) => {
    rmSync(path);
    mkdirSync(path);
  },
  'a named pipe': (path) => {
    rmSync(path);
    fifo(path);
  },
  'a socket': socket,
  'a link to itself': (path) => {
    rmSync(path);
    symlinkSync(path, path);
  },
  'a link to a device': (path) => {
    rmSync(path);
    symlinkSync('/dev/zero', path);
  },
  'a hole of 2 GB': sparse,
};

/** Every document, in every way. */
export const WRONG_DOCUMENTS: readonly BadInput[] = (['checkpoint', 'report', 'audit'] as const).flatMap(
  (document) =>
    Object.entries(WRONGS).map(([wrong, make]) => ({
      ...{ name: `${document}: ${wrong}`, kind: kindOf(document, wrong), says: wordsOf(document, wrong) },
      make: (out: string) => make(join(out, DOCUMENTS[document])),
    })),
);

function kindOf(document: Document, wrong: string): Kind {
  if (document !== 'checkpoint') return 'untrusted';
  return wrong === 'missing' ? 'none' : 'unreadable';
}

function wordsOf(document: Document, wrong: string): RegExp {
  if (document === 'checkpoint') {
    return wrong === 'missing'
      ? /expected a checkpoint, found none; without it/
      : /^the checkpoint cannot be read: /;
  }
  return document === 'report'
    ? /^not to be trusted: .*\n {2}the run report: /
    : /^not to be trusted: .*\n.*the audit log: /;
}

function withVersion(version: string): BadInput['make'] {
  return (out) => {
    const path = join(out, CHECKPOINT);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace(/"schema_version": "[^"]*"/, `"schema_version": ${version}`));
  };
}

const replaced = (make: (out: string) => void | Promise<void>): BadInput['make'] => {
  return (out) => {
    rmSync(out, { recursive: true });
    return make(out);
  };
};

/** Places that are no out_dir, and runs of other programs. */
export const WRONG_PLACES: readonly BadInput[] = [
  {
    name: 'nothing',
    kind: 'no-folder',
    says: /found nothing there; name the out_dir/,
    make: replaced(() => {}),
  },
  {
    name: 'an empty folder',
    kind: 'none',
    says: /expected a checkpoint, found none; name/,
    make: replaced(mkdirSync),
  },
  {
    ...{ name: 'a file', kind: 'no-folder', says: /expected the out_dir of a run, found a file; name/ },
    make: replaced((out) => writeFileSync(out, '{}\n')),
  },
  { name: 'a named pipe', kind: 'no-folder', says: /found a named pipe; name/, make: replaced(fifo) },
  { name: 'a socket', kind: 'no-folder', says: /found a socket; name/, make: replaced(socket) },
  {
    ...{ name: 'a link to itself', kind: 'no-folder', says: /found a symbolic link; name/ },
    make: replaced((out) => symlinkSync(out, out)),
  },
  {
    ...{ name: 'a link to a device', kind: 'no-folder', says: /found a device; name/ },
    make: replaced((out) => symlinkSync('/dev/zero', out)),
  },
  {
    name: 'of a newer version',
    kind: 'unreadable',
    says: /unknown checkpoint version "7\.0"/,
    make: withVersion('"7.0"'),
  },
  {
    name: 'of an older version',
    kind: 'unreadable',
    says: /unknown checkpoint version "0\.1"/,
    make: withVersion('"0.1"'),
  },
  {
    name: 'of no version',
    kind: 'unreadable',
    says: /unknown checkpoint version null/,
    make: withVersion('null'),
  },
  {
    ...{ name: 'of another program', kind: 'unreadable', says: /this is not a checkpoint of orchestrator/ },
    make: (out) => writeFileSync(join(out, CHECKPOINT), '{"product": "other", "schema_version": "1.0"}\n'),
  },
  {
    ...{ name: 'a lock that is a file', kind: 'good', says: /lock/ },
    make: (out) => {
      rmSync(join(out, '.lock'), { recursive: true, force: true });
      writeFileSync(join(out, '.lock'), '');
    },
  },
];

/** The same of a run that is not done: its report can be rebuilt. */
export const REBUILT: readonly BadInput[] = ['missing', 'cut in the middle', 'edited', 'a named pipe'].map(
  (wrong) => ({
    ...{
      name: `report of a blocked run: ${wrong}`,
      kind: 'rebuilt',
      says: /^blocked: GATE_REVIEW_NOT_APPROVED/,
    },
    make: (out: string) => WRONGS[wrong]?.(join(out, DOCUMENTS.report)),
  }),
);

function inPlaceOf(folder: string, make: (path: string) => void | Promise<void>): BadInput['make'] {
  return async (out) => {
    for (const name of readdirSync(join(out, folder))) {
      rmSync(join(out, folder, name));
      await make(join(out, folder, name));
    }
  };
}

/** What lies beside the documents. */
export const WRONG_FILES: readonly BadInput[] = [
  {
    ...{ name: 'artifacts: missing', kind: 'lost', says: /^done: / },
    make: (out) => rmSync(join(out, 'artifacts'), { recursive: true }),
  },
  { name: 'artifacts: pipes', kind: 'lost', says: /^done: /, make: inPlaceOf('artifacts', fifo) },
  { name: 'artifacts: holes of 2 GB', kind: 'lost', says: /^done: /, make: inPlaceOf('artifacts', sparse) },
  {
    ...{ name: 'logs: missing', kind: 'good', says: /^done: / },
    make: (out) => rmSync(join(out, 'logs'), { recursive: true }),
  },
  { name: 'logs: pipes', kind: 'good', says: /^done: /, make: inPlaceOf('logs', fifo) },
  { name: 'logs: sockets', kind: 'good', says: /^done: /, make: inPlaceOf('logs', socket) },
  { name: 'logs: holes of 2 GB', kind: 'good', says: /^done: /, make: inPlaceOf('logs', sparse) },
  {
    ...{ name: 'logs: links to a device', kind: 'good', says: /^done: / },
    make: inPlaceOf('logs', (path) => symlinkSync('/dev/zero', path)),
  },
];

/** A copy of the run for one input, made wrong. */
export async function makeInput(rig: Rig, input: BadInput, to: string): Promise<string> {
  const out = copyOf(rig, input.kind === 'rebuilt' ? 'review' : 'done', to);
  await input.make(out, rig);
  return out;
}
