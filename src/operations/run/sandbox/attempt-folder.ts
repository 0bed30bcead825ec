import { lstatSync, mkdirSync, realpathSync, rmdirSync, unlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Failure } from '../../../core/failure.ts';
import { fail, ok, type Result } from '../../../core/result.ts';
import { isInside } from '../../../formats/stored-path.ts';
import { durableWrite, type RandomHex } from '../../../store/durable-write.ts';
import { lstatOrNull } from '../../../store/file-kind.ts';
import { errnoOf, unwritable } from '../../../store/io-failure.ts';
import { type EvidencePaths, safeSegment } from '../../../store/layout.ts';
import { ensureFolder } from '../../../store/out-dir.ts';

/**
 * The folder that stands in out_dir's place inside a sandbox: empty and writable, one for each attempt. What the stage
 * had to leave in out_dir it leaves here, and only that is taken over.
 */
export interface AttemptFolder {
  readonly path: string;
  /** Where a path is found outside that the stage knows by the same name. */
  readonly locate: (path: string) => string;
  /** Whether the stage sees what is at a real path outside. */
  readonly shows: (path: string) => boolean;
  /** Puts what was read from here in its place in out_dir. */
  readonly publish: (path: string, bytes: Buffer) => Result<void, Failure>;
  /** Removes what mounting has left of `places`, and the folder where nothing else is in it. */
  readonly tidy: (places: Iterable<string>) => void;
}

export interface AttemptFolderOptions {
  readonly paths: EvidencePaths;
  /** `<stage>.<attempt>`, and a step where a stage has several. */
  readonly name: string;
  /** Artifacts that the stage has to leave; absolute. */
  readonly expected: readonly string[];
  readonly random: RandomHex;
}

/** Makes it, with the folders of what is expected in it. `evidence_unwritable` where that cannot be done. */
export function openAttemptFolder(
  options: AttemptFolderOptions,
): Result<Omit<AttemptFolder, 'shows'>, Failure> {
  const { outDir, attempts } = options.paths;
  const made = ensureFolder(attempts, outDir);
  if (!made.ok) return made;
  const path = freeName(join(attempts, safeSegment(options.name)));
  const locate = (one: string) => (isInside(outDir, one) ? join(path, relative(outDir, one)) : one);
  try {
    mkdirSync(path, { mode: 0o700 });
    for (const one of options.expected) {
      if (isInside(outDir, one)) mkdirSync(dirname(locate(one)), { recursive: true, mode: 0o700 });
    }
  } catch (error) {
    return fail(unwritable(path, error, 'create'));
  }
  return ok({
    path,
    locate,
    publish: (one, bytes) => {
      if (!isInside(outDir, one)) return ok(undefined);
      const folder = ensureFolder(dirname(one), outDir);
      if (!folder.ok) return folder;
      const written = durableWrite(one, bytes, { random: options.random });
      if (written.ok) removeFrom(path, locate(one), () => true);
      return written;
    },
    tidy: (places) => {
      for (const place of places) {
        if (isInside(outDir, place)) removeFrom(path, locate(place), isPlaceholder);
      }
      for (const one of options.expected) removeEmpty(path, dirname(locate(one)));
      removeEmpty(attempts, path);
    },
  });
}

/** An earlier stage without a sandbox may have put something in its place. */
function freeName(path: string): string {
  for (let count = 1; ; count += 1) {
    const candidate = count === 1 ? path : `${path}.${count}`;
    if (lstatOrNull(candidate) === null) return candidate;
  }
}

/** Removes a file in `folder`, never by a link that a stage has put on the way. */
function removeFrom(folder: string, path: string, may: (path: string) => boolean): void {
  try {
    if (!isInside(realpathSync(folder), realpathSync(dirname(path))) || !may(path)) return;
    unlinkSync(path);
    removeEmpty(folder, dirname(path));
  } catch (error) {
    errnoOf(error);
  }
}

/** What was made to mount something on it. */
function isPlaceholder(path: string): boolean {
  const there = lstatSync(path);
  return there.isFile() && there.size === 0;
}

/** Removes `path` and what is above it, below `folder`, as far as it is empty. */
function removeEmpty(folder: string, path: string): void {
  try {
    for (let one = path; one !== folder && isInside(folder, one); one = dirname(one)) rmdirSync(one);
  } catch (error) {
    errnoOf(error);
  }
}
