import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { type Failure, failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { codeOf } from '../bounded-read.ts';
import type { Limit } from '../limit.ts';
import { displayKey, fsPathOf } from '../path-bytes.ts';
import { COUNTED_BYTES, type Node } from './side.ts';

const FLAGS =
  constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

export interface FileRequest {
  /** Absolute, a key. */
  readonly path: string;
  /** As the content tree has it (`file 9f86…`). */
  readonly identity: string;
  /** What git's ids are made with. */
  readonly algorithm: 'sha1' | 'sha256';
  readonly buffer: Buffer;
  readonly limit: Limit;
}

/**
 * Reads a file or link once, for git's id of its raw bytes and for its SHA-256. `git_failed` where it is not what the
 * content tree says: then something else would be judged than what was validated.
 */
export async function readFileNode(request: FileRequest): Promise<Result<Node, Failure>> {
  try {
    const found = await readAny(request);
    if (found?.identity === request.identity) return ok(found.node);
    return fail(moved(request, 'it has changed'));
  } catch (error) {
    return fail(moved(request, codeOf(error)));
  }
}

interface Read {
  readonly identity: string;
  readonly node: Node;
}

async function readAny(request: FileRequest): Promise<Read | null> {
  const path = fsPathOf(request.path);
  if (lstatSync(path).isSymbolicLink()) {
    const bytes = readlinkSync(path, { encoding: 'buffer' });
    const digest = createHash('sha256').update(bytes).digest('hex');
    const id = blobHash(request, bytes.length).update(bytes).digest('hex');
    return { identity: `link ${digest}`, node: { mode: 'symlink', id, size: bytes.length, bytes } };
  }
  const descriptor = openSync(path, FLAGS);
  try {
    return await readOpen(descriptor, request);
  } finally {
    closeSync(descriptor);
  }
}

async function readOpen(descriptor: number, request: FileRequest): Promise<Read | null> {
  const { buffer, limit } = request;
  const stat = fstatSync(descriptor);
  if (!stat.isFile()) return null;
  const content = createHash('sha256');
  const blob = blobHash(request, stat.size);
  const kept: Buffer[] | null = stat.size > COUNTED_BYTES ? null : [];
  let total = 0;
  for (let count = -1; count !== 0 && total < stat.size; ) {
    count = readSync(descriptor, buffer, 0, buffer.length, null);
    const piece = buffer.subarray(0, count);
    total += count;
    content.update(piece);
    blob.update(piece);
    kept?.push(Buffer.from(piece));
    if (count < buffer.length) continue;
    await setImmediate();
    if (limit.signal.aborted) return null;
  }
  // Longer or shorter than it said: the id would be that of no file.
  if (total !== stat.size || fstatSync(descriptor).size !== total) return null;
  const isExecutable = (stat.mode & 0o100) !== 0;
  return {
    identity: `${isExecutable ? 'exec' : 'file'} ${content.digest('hex')}`,
    node: {
      mode: isExecutable ? 'executable' : 'file',
      id: blob.digest('hex'),
      size: total,
      bytes: kept === null ? null : Buffer.concat(kept),
    },
  };
}

function blobHash({ algorithm }: FileRequest, size: number): ReturnType<typeof createHash> {
  return createHash(algorithm).update(`blob ${size}\0`);
}

function moved(request: FileRequest, why: string): Failure {
  const doing = `reading ${displayKey(request.path)}`;
  if (request.limit.signal.aborted) return request.limit.failureOf(doing);
  return failure('git_failed', `${doing} again, for what changed: ${why}, expected what was validated`, {
    remedy: '--resume --rerun-from validation',
  });
}
