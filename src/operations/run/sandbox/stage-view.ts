import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { RunDocument } from '../../../core/run-document.ts';
import { isInside, loadPath } from '../../../formats/stored-path.ts';
import { isShown, type Mount, pinPlaces, type SandboxView } from '../../../process/sandbox/mounts.ts';
import { systemMounts } from '../../../process/sandbox/system-mounts.ts';
import { findOnPath, readExecutableHead } from '../../../process/shebang.ts';
import { realOrSame } from '../../../store/real-path.ts';
import type { RunContext, RunSpec } from '../context.ts';
import { linkOnTheWay } from './links-on-the-way.ts';

/** What one attempt is started with. */
export interface StageStart {
  readonly spec: Pick<RunSpec, 'expectedArtifacts'>;
  /** Absolute. */
  readonly file: string;
  /** The script that an interpreter is given, absolute; null where there is none. */
  readonly script: string | null;
  readonly env: Readonly<Record<string, string>>;
  readonly network: boolean;
  /** What stands in out_dir's place. */
  readonly attemptFolder: string;
}

type Place = readonly [string, Mount];

/** What of a run decides what its stages see. */
type Ground = Pick<RunContext, 'plan' | 'workTree' | 'paths' | 'roots'>;
type Earlier = Pick<RunDocument, 'artifacts'>;

/**
 * What a sandboxed stage sees: the system read-only; the work tree, writable, its git folders read-only; an empty
 * folder in out_dir's place, with the artifacts of earlier stages in it; the program itself; what the operator adds. Not
 * there: evidence, other work trees, the home folder, other processes, and without `network` the network.
 */
export function stageView(context: Ground, document: Earlier, start: StageStart): SandboxView {
  const { plan, workTree, paths } = context;
  const root = workTree?.root ?? realOrSame(plan.repoRoot);
  const mounts = new Map<string, Mount>([...systemMounts(start.network), ...homeMount(start.env, root)]);
  const links: Place[] = [];
  const add = (places: readonly Place[]) => {
    for (const [place, mount] of places) {
      if (mount.kind === 'link') links.push([place, mount]);
      else mounts.set(place, mount);
    }
  };
  const addUnlessShown = (paths: readonly string[], source = (path: string) => path) => {
    for (const path of paths) if (!isShown(mounts, path)) mounts.set(path, readOnly(source(path)));
  };
  add(treeMounts(context, root));
  add(plan.sandboxRead.flatMap((path) => shown(path, 'read-only')));
  add(plan.sandboxWrite.flatMap((path) => shown(path, 'writable')));
  add([[paths.outDir, { kind: 'writable', source: start.attemptFolder }]]);
  const given = givenFiles(context, document, start);
  for (const [path, source] of given) if (!isShown(mounts, path)) mounts.set(path, readOnly(source));
  const programs = programsOf(start);
  const writable = [root, ...plan.sandboxWrite.map(realOrSame)];
  // By the operator's own links only: one in the work tree leads to whatever an earlier stage has chosen.
  const own = programs.filter((path) => linkOnTheWay(path, writable) === null);
  addUnlessShown(own, realOrSame);
  addUnlessShown(own.map(realOrSame));
  // A link that can be seen as it is, in a folder that is shown, need not (and could not) be made.
  for (const [place, mount] of links) if (!isShown(mounts, place)) mounts.set(place, mount);
  const temp = start.env.TMPDIR;
  const env = temp === undefined || isShown(mounts, temp) ? start.env : { ...start.env, TMPDIR: '/tmp' };
  return { mounts: pinPlaces(mounts), network: start.network, cwd: root, env };
}

function readOnly(source: string): Mount {
  return { kind: 'read-only', source };
}

/** Mounted at its real path, so that no second way leads to what is hidden there; a link stands where it was named. */
function shown(path: string, kind: 'read-only' | 'writable'): readonly Place[] {
  const real = realOrSame(path);
  const link: readonly Place[] = real === path ? [] : [[path, { kind: 'link', target: real }]];
  return [[real, { kind, source: real }], ...link];
}

/** An empty home, unless the work tree is, or holds, it. */
function homeMount(env: Readonly<Record<string, string>>, root: string): readonly Place[] {
  const home = env.HOME;
  if (home === undefined || !isAbsolute(home) || home === '/' || isInside(root, home)) return [];
  return [[home, { kind: 'empty' }]];
}

function treeMounts(context: Ground, root: string): readonly Place[] {
  const { plan, workTree } = context;
  const named: readonly Place[] =
    plan.repoRoot === root ? [] : [[plan.repoRoot, { kind: 'link', target: root }]];
  const writable: Place = [root, { kind: 'writable', source: root }];
  if (workTree === null) return [writable, ...named];
  const { topLevel, gitDir, commonDir } = workTree;
  const above: readonly Place[] = topLevel === root ? [] : [[topLevel, readOnly(topLevel)]];
  // Asked to be writable, all of it is: in a linked work tree `.git` is a file, and what it leads to lies elsewhere.
  const dotGit = join(topLevel, '.git');
  const kind = plan.sandboxWrite.map(realOrSame).includes(dotGit) ? 'writable' : 'read-only';
  const own = [dotGit, gitDir, commonDir].map((path): Place => [path, { kind, source: path }]);
  const others = otherWorkTrees(commonDir).filter((path) => path !== topLevel && isInside(topLevel, path));
  return [...above, writable, ...named, ...own, ...others.map((path): Place => [path, { kind: 'empty' }])];
}

/** The linked work trees of a repository, as it has noted them. */
function otherWorkTrees(commonDir: string): readonly string[] {
  const folder = join(commonDir, 'worktrees');
  try {
    return readdirSync(folder).flatMap((name) => {
      // Relative to where it stands, with git's worktree.useRelativePaths.
      const noted = readFileSync(join(folder, name, 'gitdir'), 'utf8').trimEnd();
      const path = realOrSame(dirname(resolve(folder, name, noted)));
      // One that is gone would be made anew, as a place to mount on.
      return existsSync(path) ? [path] : [];
    });
  } catch {
    return [];
  }
}

/** What the stage is given to read that lies in out_dir, or elsewhere out of its sight: each path with its source. */
function givenFiles(
  context: Ground,
  document: Earlier,
  start: StageStart,
): readonly (readonly [path: string, source: string])[] {
  const { roots, paths } = context;
  const mine = new Set(start.spec.expectedArtifacts.map((one) => one.path));
  const artifacts = document.artifacts
    .map((one): readonly [string, string] => [loadPath(one.path, roots), join(paths.outDir, one.copy)])
    .filter(([path]) => !mine.has(path));
  const own = [start.env.ORCHESTRATOR_PLANNING_CONTEXT, start.env.ORCHESTRATOR_REMEDIATION_STEPS_FILE];
  return [
    ...artifacts,
    ...own.flatMap((path): [string, string][] => (path === undefined ? [] : [[path, path]])),
  ];
}

/** The program, its interpreter, and its script: the files without which it cannot start. */
function programsOf(start: StageStart): readonly string[] {
  const path = start.env.PATH ?? '';
  const files = [start.file, ...(start.script === null ? [] : [start.script])];
  return files.flatMap((file) => {
    const head = readExecutableHead(file, path);
    if (head.kind !== 'script') return [file];
    const named = head.named === null ? null : findOnPath(head.named, path);
    return [file, head.interpreter, ...(named === null ? [] : [named])];
  });
}
