/** What git-fast-import(1) reads to make one commit: what differs from its parent, bytes included. */
import { displayKey } from '../path-bytes.ts';
import type { CommittedEntry } from './base-entries.ts';
import { sameEntry, type TreePlan } from './plan-tree.ts';
import { blobId, readValidated } from './read-blob.ts';

export interface CommitWords {
  readonly message: string;
  readonly name: string;
  readonly email: string;
  /** Of author and committer, Unix seconds. */
  readonly dateSecs: number;
}

export interface ImportRequest {
  readonly plan: TreePlan;
  readonly parent: string;
  readonly parentEntries: ReadonlyMap<string, CommittedEntry>;
  readonly words: CommitWords;
  /** Key of a path in the work tree, by its path in the commit. */
  readonly placeOf: (path: string) => string;
}

/**
 * The stream; the commit's id is what git prints. A file that is no longer what was validated ends it by an
 * exception.
 */
export async function* importStream(request: ImportRequest): AsyncGenerator<Buffer> {
  const { plan, parent, parentEntries } = request;
  yield Buffer.concat([text('feature done\n'), head(request.words), text(`from ${parent}\n`)]);
  for (const path of parentEntries.keys()) {
    if (!plan.whole.has(path)) yield Buffer.concat([text('D '), quoted(path), text('\n')]);
  }
  for (const [path, entry] of plan.whole) {
    if (!sameEntry(entry, parentEntries.get(path))) yield fileOf(request, path, entry);
  }
  yield text('\nget-mark :1\ndone\n');
}

function head({ message, name, email, dateSecs }: CommitWords): Buffer {
  const who = Buffer.from(`${name} <${email}> ${dateSecs} +0000\n`);
  const body = Buffer.from(message.endsWith('\n') ? message : `${message}\n`);
  return Buffer.concat([
    text('commit refs/heads/delivery\nmark :1\nauthor '),
    who,
    text('committer '),
    who,
    text(`data ${body.length}\n`),
    body,
    text('\n'),
  ]);
}

function fileOf({ plan, placeOf }: ImportRequest, path: string, entry: CommittedEntry): Buffer {
  const identity = plan.identities.get(path);
  // What was left to the base is an object already.
  if (identity === undefined)
    return Buffer.concat([text(`M ${entry.mode} ${entry.oid} `), quoted(path), text('\n')]);
  const blob = readValidated(placeOf(path), identity);
  if (blob === null || blobId(blob.bytes, entry.oid.length) !== entry.oid) {
    throw new Error(`${displayKey(path)} changed while it was committed`);
  }
  return Buffer.concat([
    text(`M ${entry.mode} inline `),
    quoted(path),
    text(`\ndata ${blob.bytes.length}\n`),
    blob.bytes,
    text('\n'),
  ]);
}

/** C style, as git reads it: whatever bytes a name is made of. */
function quoted(key: string): Buffer {
  const escaped = key.replace(
    /[\x00-\x1f"\\\x7f]/g,
    (one) => `\\${one.charCodeAt(0).toString(8).padStart(3, '0')}`,
  );
  return Buffer.from(`"${escaped}"`, 'latin1');
}

function text(ascii: string): Buffer {
  return Buffer.from(ascii, 'latin1');
}
