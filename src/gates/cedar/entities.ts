import type { CedarValueJson, EntityJson, TypeAndId } from '@cedar-policy/cedar-wasm/web';
import type { PolicyChange, PolicyInput } from '../../formats/policy-input.ts';

/** A value of Cedar without null: what is not known is not there, and a policy asks with `has`. */
type Attributes = Record<string, CedarValueJson>;

/** `Orchestrator::Run`, the principal of every question. */
export function runOf(input: PolicyInput): TypeAndId {
  return { type: 'Orchestrator::Run', id: input.run_id };
}

/** `Orchestrator::Change`, what is admitted or closed: named by the commit, or the tree, or else the run. */
export function changeOf({ diff, run_id }: PolicyInput): TypeAndId {
  return { type: 'Orchestrator::Change', id: diff?.head_sha ?? diff?.tree_digest ?? run_id };
}

/** The context of every question: the policy input without its lists of paths, which are judged one by one. */
export function contextOf(input: PolicyInput): Attributes {
  const { diff, plan, actor, agents } = input;
  return known({
    moment: input.moment,
    mode: input.mode,
    plan: known({ digest: plan.digest, declares_changes: plan.changes !== null }),
    diff:
      diff === null
        ? null
        : known({
            base_sha: diff.base_sha,
            head_sha: diff.head_sha,
            tree_digest: diff.tree_digest,
            files: diff.files,
            lines: diff.lines_added + diff.lines_deleted,
            lines_added: diff.lines_added,
            lines_deleted: diff.lines_deleted,
            uncounted_files: diff.uncounted_files,
            new_files: diff.new_files,
            deleted_files: diff.deleted_files,
          }),
    budget: { ...input.budget },
    actor: known({ ...actor }),
    agents: known({ ...agents }),
    versions: { ...input.versions },
  });
}

/** One path to be judged, with the folders above it, so that `resource in Orchestrator::Folder::"src"` works. */
export interface PathQuestion {
  readonly path: string;
  readonly entity: EntityJson;
}

/** Every path that the change touches: of a rename both ends. At admission, where nothing has changed yet, the declared ones. */
export function pathsOf(input: PolicyInput): readonly PathQuestion[] {
  if (input.diff === null) {
    return (input.plan.changes ?? []).map(({ path, kind }) => question(path, { kind: kind ?? 'unknown' }));
  }
  return input.diff.changes.flatMap((change) => {
    const target = question(change.path, attributesOf(change));
    if (change.old_path === null || change.old_path === change.path) return [target];
    const source = { kind: 'rename-source', new_path: change.path, old_mode: change.old_mode };
    return [target, question(change.old_path, source)];
  });
}

function attributesOf(change: PolicyChange): Record<string, CedarValueJson> {
  const { kind, old_path, old_mode, new_mode, lines_added, lines_deleted, binary, symlink_target } = change;
  return { kind, old_path, old_mode, new_mode, lines_added, lines_deleted, binary, symlink_target };
}

function question(path: string, attributes: Attributes): PathQuestion {
  const parts = path.split('/');
  const name = parts.at(-1) ?? path;
  const dot = name.lastIndexOf('.');
  const folders = parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
  const attrs = known({
    path,
    folded: path.normalize('NFC').toLowerCase(),
    name,
    folder: folders.at(-1) ?? '',
    extension: dot <= 0 ? '' : name.slice(dot + 1),
    ...attributes,
  });
  const parents = folders.map((folder) => ({ type: 'Orchestrator::Folder', id: folder }));
  return { path, entity: { uid: { type: 'Orchestrator::Path', id: path }, attrs, parents } };
}

function known(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null));
}
