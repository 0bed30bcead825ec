/**
 * What of a repository's own settings can make git run something: not for us, who never read them, but for everybody
 * who works in that repository after the run. Taken before the first stage and compared at closure.
 */
import { lstatSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Failure, failure } from '../core/failure.ts';
import { type GitSetting, mayRunPrograms, runsPrograms } from '../core/git-settings.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { sha256 } from '../formats/sha256.ts';
import { codeOf, readBounded } from './bounded-read.ts';
import { runGit } from './git-command.ts';
import { findGit } from './git-environment.ts';
import { gitlinksIn } from './gitlinks.ts';
import { GIT_LIMIT_MS, type Limit, startLimit } from './limit.ts';
import type { RepositoryOptions } from './repository-question.ts';
import type { WorkTree } from './work-tree.ts';

/** Hooks and configuration stay far below, in bytes. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * The settings, by name. What cannot be read or understood is a setting of its own, so that it differs from what it was
 * before. `git_failed` where git cannot be asked at all.
 */
export async function readGitSettings(
  tree: WorkTree,
  options: RepositoryOptions,
): Promise<Result<readonly GitSetting[], Failure>> {
  const limit = startLimit(options.limitMs ?? GIT_LIMIT_MS, options.signal);
  try {
    const links = await gitlinksIn(tree, { ...options, limit });
    if (!links.ok) return links;
    const nested = links.value.map((folder) => nestedDotGit(tree, folder));
    const places = [
      { prefix: '', folder: tree.commonDir },
      ...submodulesIn(tree.commonDir, ''),
      ...nested.flatMap(({ place }) => place),
    ];
    const settings: GitSetting[] = [
      dotGit(tree),
      ...nested.flatMap(({ setting }) => setting),
      ...fileAt('commondir', join(tree.gitDir, 'commondir')),
      ...places.flatMap(({ prefix, folder }) => [...hooks(folder, prefix), ...attributes(folder, prefix)]),
    ];
    const ofPlaces = places.map(({ prefix, folder }) => ({
      prefix: `${prefix}config`,
      file: join(folder, 'config'),
    }));
    for (const config of [...ofPlaces, ...workTreeConfigs(tree)]) {
      const read = await readConfig(tree, config, { ...options, limit });
      if (!read.ok) return read;
      settings.push(...read.value);
    }
    return ok(settings.sort((one, other) => (one.name < other.name ? -1 : 1)));
  } finally {
    limit.dispose();
  }
}

/** A folder, or where a file of that name leads. */
function dotGit(tree: WorkTree): GitSetting {
  const path = join(tree.topLevel, '.git');
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there?.isDirectory() === true) return { name: '.git', sha256: sha256('folder') };
  return { name: '.git', sha256: digestOf(path) ?? sha256('absent') };
}

/** The same of a submodule. Where it is a folder, and not a file that leads into ours, its settings are in it. */
function nestedDotGit(tree: WorkTree, folder: string): { setting: GitSetting[]; place: Place[] } {
  const path = join(folder, '.git');
  const name = `${relative(tree.topLevel, folder)}/.git`;
  const isFolder = lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!isFolder) return { setting: [...fileAt(name, path)], place: [] };
  return { setting: [{ name, sha256: sha256('folder') }], place: [{ prefix: `${name}/`, folder: path }] };
}

function hooks(gitDir: string, prefix: string): readonly GitSetting[] {
  const folder = join(gitDir, 'hooks');
  const files = namesIn(folder)
    .filter((name) => !name.endsWith('.sample'))
    .flatMap((name) => fileAt(`${prefix}hooks/${name}`, join(folder, name)));
  // What a link leads to can become another folder without any change here.
  const isLink = lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  return isLink
    ? [{ name: `${prefix}hooks`, sha256: sha256(`link ${readlinkSync(folder)}`) }, ...files]
    : files;
}

/** In-tree attributes belong to the content; these do not, and choose filters just the same. */
function attributes(gitDir: string, prefix: string): readonly GitSetting[] {
  return fileAt(`${prefix}info/attributes`, join(gitDir, 'info', 'attributes'));
}

function fileAt(name: string, path: string): readonly GitSetting[] {
  const digest = digestOf(path);
  return digest === null ? [] : [{ name, sha256: digest }];
}

interface Place {
  readonly prefix: string;
  readonly folder: string;
}

interface Config {
  readonly prefix: string;
  readonly file: string;
}

/** Those of the other work trees lie in the same git folder, for a stage to write. */
function workTreeConfigs({ gitDir, commonDir }: WorkTree): readonly Config[] {
  const linked = namesIn(join(commonDir, 'worktrees')).map((name) => ({
    prefix: `worktrees/${name}/config.worktree`,
    file: join(commonDir, 'worktrees', name, 'config.worktree'),
  }));
  const main = { prefix: 'main config.worktree', file: join(commonDir, 'config.worktree') };
  const own = join(gitDir, 'config.worktree');
  return [{ prefix: 'config.worktree', file: own }, ...[main, ...linked].filter(({ file }) => file !== own)];
}

/** The git folders of submodules: `git status` of the work tree around them asks them, too. Links are not followed. */
function submodulesIn(gitDir: string, prefix: string): readonly Place[] {
  return foldersIn(join(gitDir, 'modules')).flatMap(function visit(folder): readonly Place[] {
    const own = `${prefix}${relative(gitDir, folder)}/`;
    const isRepository = ['HEAD', 'config'].some((name) => digestOf(join(folder, name)) !== null);
    // The name of a submodule may have slashes in it.
    if (!isRepository) return foldersIn(folder).flatMap(visit);
    return [{ prefix: own, folder }, ...submodulesIn(folder, own)];
  });
}

function foldersIn(folder: string): readonly string[] {
  return namesIn(folder)
    .map((name) => join(folder, name))
    .filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** Null where nothing is there; what is no file counts by what it is. */
function digestOf(path: string): string | null {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there === undefined) return null;
  const link = there.isSymbolicLink() ? `link ${readlinkSync(path)}\n` : '';
  const mode = (there.mode & 0o111) === 0 ? 'plain' : 'executable';
  const read = readBounded(path, MAX_BYTES);
  return read.kind === 'bytes'
    ? sha256(Buffer.concat([Buffer.from(`${link}${mode}\n`), read.bytes]))
    : sha256(`${link}${read.kind}`);
}

/** Asks git to take apart a copy of the file: it reads what an agent may have written, and runs nothing of it. */
async function readConfig(
  tree: WorkTree,
  config: Config,
  how: RepositoryOptions & { readonly limit: Limit },
): Promise<Result<readonly GitSetting[], Failure>> {
  const read = readBounded(config.file, MAX_BYTES);
  if (read.kind === 'absent') return ok([]);
  if (read.kind !== 'bytes') return ok([{ name: config.prefix, sha256: sha256(read.kind) }]);
  if (!mayRunPrograms(read.bytes.toString('latin1'))) return ok([]);
  const git = findGit(how.environment.path, tree.topLevel);
  if (!git.ok) return git;
  const copy = keepCopy(read.bytes, how.scratch);
  if (!copy.ok) return copy;
  try {
    const listed = await list(git.value, copy.value, how);
    // Git ends with an error over what it cannot understand, and would over the repository.
    if (!listed.ok && how.limit.signal.aborted) return listed;
    if (!listed.ok) return ok([{ name: config.prefix, sha256: sha256(read.bytes) }]);
    return ok(settingsOf(config.prefix, listed.value));
  } finally {
    rmSync(copy.value, { recursive: true, force: true });
  }
}

function keepCopy(bytes: Buffer, scratch: string): Result<string, Failure> {
  try {
    const folder = mkdtempSync(join(scratch, 'settings-'));
    writeFileSync(join(folder, 'config'), bytes, { mode: 0o600 });
    return ok(folder);
  } catch (error) {
    return fail(failure('evidence_unwritable', `${scratch} cannot be written: ${codeOf(error)}`));
  }
}

async function list(
  git: string,
  folder: string,
  how: RepositoryOptions & { readonly limit: Limit },
): Promise<Result<string, Failure>> {
  const chunks: Buffer[] = [];
  const run = await runGit({
    git,
    args: ['config', '--file', join(folder, 'config'), '--no-includes', '--list', '-z'],
    cwd: folder,
    environment: how.environment,
    repository: { GIT_DIR: folder },
    limit: how.limit,
    onChunk: (chunk) => void chunks.push(chunk),
  });
  return run.ok ? ok(Buffer.concat(chunks).toString('latin1')) : run;
}

/** Of each key all its values together, in their order: the order decides which counts. */
function settingsOf(prefix: string, listing: string): readonly GitSetting[] {
  const values = new Map<string, string>();
  for (const record of listing.split('\0')) {
    if (record === '') continue;
    const at = record.indexOf('\n');
    const key = at === -1 ? record : record.slice(0, at);
    const value = at === -1 ? '' : record.slice(at + 1);
    // Every submodule's says where it is checked out.
    const isUsual = prefix.startsWith('modules/') && key === 'core.worktree';
    if (!isUsual && runsPrograms(key, value)) values.set(key, `${values.get(key) ?? ''}${record}\0`);
  }
  return [...values].map(([key, value]) => ({ name: `${prefix} ${key}`, sha256: sha256(value) }));
}
