/** What a Cedar policy is asked about, `schema.cedarschema`: with it a mistyped attribute is found before it decides. */
export const CEDAR_SCHEMA = `namespace Orchestrator {
  type Diff = {
    base_sha?: String,
    head_sha?: String,
    tree_digest?: String,
    files: Long,
    lines: Long,
    lines_added: Long,
    lines_deleted: Long,
    uncounted_files: Long,
    new_files: Long,
    deleted_files: Long,
  };

  // The same for every question.
  type Facts = {
    moment: String,
    mode?: String,
    plan: { digest?: String, declares_changes: Bool },
    diff?: Diff,
    budget: { attempts: Long, cycles: Long, elapsed_ms: Long },
    actor: { user?: String, host: String, ci: Bool },
    agents: { manager?: String, executor?: String, reviewer?: String },
    versions: { orchestrator: String, node: String },
  };

  entity Run;

  entity Change = { paths: Set<String> };

  entity Folder;

  // "resource in Orchestrator::Folder::\\"src\\"" is everything below src. "folded" is the path in lower case.
  entity Path in [Folder] = {
    path: String,
    folded: String,
    name: String,
    folder: String,
    extension: String,
    kind: String,
    old_path?: String,
    new_path?: String,
    old_mode?: String,
    new_mode?: String,
    lines_added?: Long,
    lines_deleted?: Long,
    binary?: Bool,
    symlink_target?: String,
  };

  action "admit", "close" appliesTo { principal: [Run], resource: [Change], context: Facts };
  action "change" appliesTo { principal: [Run], resource: [Path], context: Facts };
}
`;
