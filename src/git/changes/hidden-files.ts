/**
 * Files that only an ignore rule of the change itself keeps out of the content tree: what the base's `.gitignore` files
 * would show. Git is asked with a folder that holds the base's `.gitignore` files and nothing else.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Failure, failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { codeOf } from '../bounded-read.ts';
import { nulRecords, runGit } from '../git-command.ts';
import { collect } from '../list-paths.ts';
import { fsPathOf, keyOf } from '../path-bytes.ts';
import type { PathFilter } from '../path-filter.ts';
import type { OpenRepository } from '../repository-question.ts';
import type { WorkTree } from '../work-tree.ts';
import type { CommitTree } from './commit-tree.ts';
import { readObjects } from './object-stream.ts';

const RULES_BYTES = 4 * 1024 * 1024;

export interface HiddenRequest {
  readonly tree: WorkTree;
  readonly base: CommitTree;
  readonly scratch: string;
  /** Of keys from repo-root. */
  readonly leaveOut: PathFilter;
  /** Whether some `.gitignore` that counts is not as the base has it. */
  readonly rulesChanged: boolean;
}

/** Their paths, as keys from the top level; a folder with a repository of its own ends with `/`. A `.gitignore` that ignores itself is one of them, and is enough to look. */
export async function hiddenFiles(
  repository: OpenRepository,
  request: HiddenRequest,
): Promise<Result<readonly string[], Failure>> {
  const { folder, call } = repository;
  const args = ['ls-files', '-z', '--others', '--ignored', '--exclude-per-directory=.gitignore'];
  const ignored = await collect({ ...call, args, repository: folder.withoutIndex }, request.leaveOut);
  if (!ignored.ok) return ignored;
  const selfIgnored = [...ignored.value].some((key) => isIgnoreFile(key));
  if (ignored.value.size === 0 || !(request.rulesChanged || selfIgnored)) return ok([]);
  const prefix = request.tree.prefix === '' ? '' : `${keyOf(request.tree.prefix)}/`;
  const keys = [...ignored.value].map((key) => prefix + key);
  const byBase = await ignoredByBase(repository, request, keys);
  return byBase.ok ? ok(keys.filter((key) => !byBase.value.has(key))) : byBase;
}

/** Whether a path is a file of ignore rules, on some system. */
export function isIgnoreFile(key: string): boolean {
  return /(?:^|\/)\.gitignore$/i.test(key);
}

async function ignoredByBase(
  repository: OpenRepository,
  request: HiddenRequest,
  keys: readonly string[],
): Promise<Result<ReadonlySet<string>, Failure>> {
  let place: string;
  try {
    place = mkdtempSync(join(request.scratch, 'ignore-'));
  } catch (error) {
    return fail(failure('evidence_unwritable', `${request.scratch} cannot be written: ${codeOf(error)}`));
  }
  try {
    const laid = await layRules(repository, request.base, place);
    if (!laid.ok) return laid;
    const ignored = new Set<string>();
    const run = await runGit({
      ...repository.call,
      args: ['check-ignore', '-z', '--stdin', '--no-index'],
      cwd: place,
      repository: { ...repository.folder.withoutIndex, GIT_WORK_TREE: place },
      input: Buffer.from(keys.map((key) => `./${key}\0`).join(''), 'latin1'),
      alsoExits: [1],
      literalPathspecs: false,
      onChunk: nulRecords((key) => void ignored.add(key.slice(2))),
    });
    return run.ok ? ok(ignored) : run;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

async function layRules(
  repository: OpenRepository,
  base: CommitTree,
  place: string,
): Promise<Result<null, Failure>> {
  const rules = [...base].filter(
    ([key, { mode }]) => /(?:^|\/)\.gitignore$/.test(key) && mode !== 'submodule',
  );
  const regular = rules.filter(([, { mode }]) => mode !== 'symlink');
  const texts = new Map<string, Buffer>();
  const read = await readObjects(repository, {
    ids: [...new Set(regular.map(([, { id }]) => id))],
    type: 'blob',
    maxBytes: RULES_BYTES,
    take: (id, { bytes }) => {
      if (bytes !== null) texts.set(id, bytes);
    },
  });
  if (!read.ok) return read;
  for (const [key, { id }] of regular) {
    const path = fsPathOf(`${keyOf(place)}/${key}`);
    const file = typeof path === 'string' ? path : path.toString('utf8');
    // A folder that is not UTF-8, or climbs, has no rules here: then more is told, never less.
    if (keyOf(file) !== `${keyOf(place)}/${key}` || key.split('/').some((part) => part === '..')) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, texts.get(id) ?? '');
  }
  return ok(null);
}
