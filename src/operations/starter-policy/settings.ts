import { STARTER_BUDGETS } from './budgets.ts';
import { STARTER_FOLDER } from './files.ts';

/** The settings of a config file that make the starter policy decide. */
export const POLICY_SETTINGS = {
  gates: { policy: { from: [`cedar:${STARTER_FOLDER}`] } },
  scope: {
    allow: ['src/**', 'test/**', 'docs/**'],
    protect: [`${STARTER_FOLDER}/**`, 'orchestrator.*'],
    max_files: STARTER_BUDGETS.files,
    max_lines: STARTER_BUDGETS.lines,
    max_new_files: STARTER_BUDGETS.newFiles,
    max_deleted_files: STARTER_BUDGETS.deletedFiles,
  },
} as const;

/** The same in YAML, with the other settings of the gates in comments. */
export function policySettingsYaml(): string {
  const { gates, scope } = POLICY_SETTINGS;
  return `# Where the gates are read; the policy is read from the base commit, so commit it there first.
# base: origin/main   # HEAD when the run began
gates:
  policy: ${JSON.stringify(gates.policy)}
  # ci: { from: [github:owner/repo#7], required: [build, { name: lint, app: github-actions }] }
  # review: { from: [github:owner/repo#7], approvals: 1 }
  # require_external: [ci, review]
  # wait_ms: 0

# What may change. Secrets, workflows and lock files are protected besides; "unprotect" takes one off that list.
scope:
  allow: ${JSON.stringify(scope.allow)}
  protect: ${JSON.stringify(scope.protect)}
  # unprotect: ["**/package-lock.json"]
  max_files: ${scope.max_files}
  max_lines: ${scope.max_lines}
  max_new_files: ${scope.max_new_files}
  max_deleted_files: ${scope.max_deleted_files}

# What is delivered:
# delivery: { branch: agent/change, commit_message: Say why }
`;
}
