import { STARTER_BUDGETS } from './budgets.ts';

const { files, lines, newFiles, deletedFiles } = STARTER_BUDGETS;

/** The policies of the starter, `main.cedar`. `RULES` is how many there are. */
export const RULES = 8;
export const MAIN_CEDAR = `// What agents may do in this repository. Everything that no "permit" matches is denied, and "forbid" wins.
// The questions: may the run be admitted ("admit") and closed ("close"), and for each path: may it change ("change")?

@id("run")
permit (
  principal,
  action in [Orchestrator::Action::"admit", Orchestrator::Action::"close"],
  resource
);

// Files. Links, submodules and whatever else a path can be match nothing.
@id("files")
permit (principal, action == Orchestrator::Action::"change", resource)
when { resource has new_mode && (resource.new_mode == "file" || resource.new_mode == "executable") };

// What goes, and before the execution what the plan declares, has no mode.
@id("removals_and_plans")
permit (principal, action == Orchestrator::Action::"change", resource)
when { !(resource has new_mode) };

@id("too_many_files")
@message("more than ${files} files change")
forbid (principal, action == Orchestrator::Action::"close", resource)
when { context has diff && context.diff.files > ${files} };

@id("too_many_lines")
@message("more than ${lines} lines change, or lines that cannot be counted")
forbid (principal, action == Orchestrator::Action::"close", resource)
when { context has diff && (context.diff.lines > ${lines} || context.diff.uncounted_files > 0) };

@id("too_many_new_files")
@message("more than ${newFiles} new files")
forbid (principal, action == Orchestrator::Action::"close", resource)
when { context has diff && context.diff.new_files > ${newFiles} };

@id("deleted_files")
@message("more than ${deletedFiles} files go")
forbid (principal, action == Orchestrator::Action::"close", resource)
when { context has diff && context.diff.deleted_files > ${deletedFiles} };

@id("protected_path")
@message("only people change what decides about agents, what runs elsewhere, and secrets")
forbid (principal, action == Orchestrator::Action::"change", resource)
when {
  resource.folded like "policy/*" ||
  resource.folded like "orchestrator.*" ||
  resource.folded like ".github/*" ||
  resource.folded like ".git*" ||
  resource.folded like ".env*" ||
  resource.folded like "*/.env*"
};
`;
