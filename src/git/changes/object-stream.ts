/**
 * Objects of a repository, each proved by its name: git does not hash what it reads, so a loose object that somebody
 * has rewritten would be taken for the one that the base names.
 */
import { createHash, type Hash } from 'node:crypto';
import { type Failure, failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { runGit } from '../git-command.ts';
import { isObjectId } from '../head.ts';
import type { OpenRepository } from '../repository-question.ts';

export type ObjectType = 'commit' | 'tree' | 'blob';

export interface ReadObject {
  /** Null where there are more than the reader wants. */
  readonly bytes: Buffer | null;
  readonly size: number;
  /** SHA-256 of the bytes, hex; empty unless it was asked for. */
  readonly sha256: string;
}

/** Called for every object in the order asked. */
export type TakeObject = (id: string, found: ReadObject) => void;

export interface ObjectsRequest {
  readonly ids: readonly string[];
  readonly type: ObjectType;
  /** Bytes of one object that are kept; of a larger one only the size is told. Its hash is checked all the same. */
  readonly maxBytes: number;
  /** Whether to compute `sha256`. */
  readonly digest?: boolean;
  readonly take: TakeObject;
}

/** Reads them. `git_failed` where one is missing, is of another type, or is not what its name says. */
export async function readObjects(
  { call, folder }: Pick<OpenRepository, 'call' | 'folder'>,
  request: ObjectsRequest,
): Promise<Result<null, Failure>> {
  if (request.ids.length === 0) return ok(null);
  if (!request.ids.every(isObjectId)) throw new Error('only object ids are asked for');
  const parser = new BatchParser(request);
  const run = await runGit({
    ...call,
    args: ['cat-file', '--batch', '--buffer'],
    repository: folder.withoutIndex,
    input: `${request.ids.join('\n')}\n`,
    onChunk: (chunk) => parser.push(chunk),
  });
  if (!run.ok) return run;
  const problem = parser.problem();
  if (problem === null) return ok(null);
  return fail(failure('git_failed', problem, { remedy: 'repair the repository (git fsck), then --resume' }));
}

interface Current {
  readonly id: string;
  readonly size: number;
  readonly hash: Hash;
  readonly content: Hash | null;
  readonly pieces: Buffer[] | null;
  left: number;
}

/** `<id> <type> <size>\n<bytes>\n`, object after object (git-cat-file(1)), whatever the chunks are cut at. */
class BatchParser {
  readonly #request: ObjectsRequest;
  #at = 0;
  #header = '';
  #current: Current | null = null;
  #problem: string | null = null;

  constructor(request: ObjectsRequest) {
    this.#request = request;
  }

  push(chunk: Buffer): void {
    let from = 0;
    while (from < chunk.length && this.#problem === null) {
      from =
        this.#current === null ? this.#readHeader(chunk, from) : this.#readBody(this.#current, chunk, from);
    }
  }

  problem(): string | null {
    if (this.#problem !== null) return this.#problem;
    const whole = this.#at === this.#request.ids.length && this.#current === null;
    return whole ? null : 'git cat-file ended before all objects were there';
  }

  #readHeader(chunk: Buffer, from: number): number {
    const end = chunk.indexOf(10, from);
    this.#header += chunk.toString('latin1', from, end === -1 ? chunk.length : end);
    if (end === -1) return chunk.length;
    const id = this.#request.ids[this.#at] ?? '';
    const [found, type, size = ''] = this.#header.split(' ');
    if (found !== id || type !== this.#request.type || !/^\d{1,15}$/.test(size)) {
      this.#problem = `object ${id}: expected a ${this.#request.type}, got "${this.#header.slice(0, 120)}"`;
    }
    const bytes = Number(size);
    const hash = createHash(id.length === 64 ? 'sha256' : 'sha1').update(`${type} ${size}\0`);
    const content = this.#request.digest === true ? createHash('sha256') : null;
    const pieces = bytes > this.#request.maxBytes ? null : [];
    this.#current = { id, size: bytes, hash, content, left: bytes, pieces };
    this.#header = '';
    return end + 1;
  }

  #readBody(current: Current, chunk: Buffer, from: number): number {
    const piece = chunk.subarray(from, from + current.left);
    if (piece.length > 0) {
      current.hash.update(piece);
      current.content?.update(piece);
      current.pieces?.push(piece);
      current.left -= piece.length;
      return from + piece.length;
    }
    this.#current = null;
    this.#at += 1;
    if (current.hash.digest('hex') === current.id) {
      const { id, pieces, size, content } = current;
      const bytes = pieces === null ? null : Buffer.concat(pieces);
      this.#request.take(id, { bytes, size, sha256: content?.digest('hex') ?? '' });
    } else {
      this.#problem = `object ${current.id} is not what its name says: it was written over`;
    }
    return from + 1;
  }
}
