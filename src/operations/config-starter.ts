import { DEFAULTS } from '../core/run-plan.ts';
import { writeDuration } from '../formats/duration.ts';
import { schemaId } from '../formats/published-schemas.ts';
import { POLICY_SETTINGS, policySettingsYaml } from './starter-policy/settings.ts';

/** The settings that a starter file sets; the binaries in it are to be replaced. */
const STARTER = {
  manager: {
    bin: './agents/plan',
    args: ['--goal', 'describe the goal'],
    expected_artifacts: ['./out/plan/action_plan.json'],
  },
  executor: { bin: './agents/execute' },
  reviewer: { bin: './agents/review', expected_artifacts: ['./out/review/report.json'] },
  validation: [{ bin: 'git', args: ['diff', '--check'] }],
  timeout_ms: DEFAULTS.timeoutMs,
  execution_max_iterations: DEFAULTS.executionMaxIterations,
} as const;

/** The starter file as JSON; with the settings of the starter policy, where there is one. */
export function jsonStarter(withPolicy = false): string {
  const settings = { $schema: schemaId('config'), ...STARTER, ...(withPolicy ? POLICY_SETTINGS : {}) };
  return `${JSON.stringify(settings, null, 2)}\n`;
}

/** The starter file as YAML, every other setting in a comment with its default. */
export function yamlStarter(withPolicy = false): string {
  return `# What "orchestrator ./out --config FILE" runs. Flags on the command line win over this file.
# Paths mean what they mean as flags: they resolve from the folder in which orchestrator is started.
# Gate assertions (--policy-status, --ci-status, --review-status) and --resume cannot stand here.
# Check it: orchestrator config validate FILE        Its schema: orchestrator schema config
$schema: ${schemaId('config')}

# Stage planning. Its environment is a small base set, and what is named here or under pass_env.
manager:
  bin: ${STARTER.manager.bin}
  args: ["--goal", "describe the goal"]
  # env: { LOG_LEVEL: "info" }
  expected_artifacts:
    - ${STARTER.manager.expected_artifacts[0]}
    # - { path: ./out/plan/run_report.json, schema: ./schemas/run_report.schema.json }
  # timeout_ms: 600000

# Stage execution. It starts only when policy is "allow".
executor:
  bin: ${STARTER.executor.bin}

# Stage validation. Its first .json artifact is its report: only "passed": true passes.
reviewer:
  bin: ${STARTER.reviewer.bin}
  expected_artifacts:
    - ${STARTER.reviewer.expected_artifacts[0]}

# An agent with a profile in a program's place (docs/agents.md):
# executor:
#   agent: codex   # claude-code, opencode, gemini, aider
#   prompt: Fix the failing test   # or prompt_file: ./prompt.md
#   model: the-model
#   max_cost_usd: 2.5
#   max_tokens: 500000
#   max_turns: 40

# Commands that must succeed, run in order after the reviewer.
validation:
  - bin: git
    args: ["diff", "--check"]

# Limit of each invocation, in milliseconds.
timeout_ms: ${STARTER.timeout_ms}

# Attempts at execution in one invocation.
execution_max_iterations: ${STARTER.execution_max_iterations}

# The other settings, with their defaults:
# repo_root: .
# planning_context_artifact: ./out/planning_context.json   # none
# validation_from_planning_context: false
# checkpoint_path: ./out/orchestrator_checkpoint.json
# state_key_file: /home/me/.config/orchestrator/state.key   # none
# sign_key_file: /home/me/.config/orchestrator/sign.pem   # none
# html_report: ./out/report.html   # none
# tree_ignore: []
# allow_stale_artifacts: false
# accept_git_change: []
# sandbox: off   # required, auto
# sandbox_network: off
# sandbox_read: []
# sandbox_write: []
# run_timeout_ms: 7200000   # none
# kill_grace_ms: ${DEFAULTS.killGraceMs}
# reviewer_remediation_max_cycles: ${DEFAULTS.remediationMaxCycles}
# max_artifact_bytes: ${DEFAULTS.maxArtifactBytes}
# max_log_bytes: ${DEFAULTS.maxLogBytes}
# gate_max_age: ${writeDuration(DEFAULTS.gateMaxAgeMs)}
# pass_env: []
# inherit_env: false
# redact_env: []

${withPolicy ? policySettingsYaml() : CLOSURE_COMMENTS}`;
}

const CLOSURE_COMMENTS = `# Where the gates are read, what may change, and what is delivered (docs/gates.md):
# base: origin/main   # HEAD when the run began
# gates:
#   policy: { from: [operator] }
#   ci: { from: [github:owner/repo#7], required: [build, { name: lint, app: github-actions }] }
#   review: { from: [github:owner/repo#7], approvals: 1 }
#   require_external: [ci, review]
#   wait_ms: 0
# scope: { allow: [src/**, test/**], max_files: 8 }
# delivery: { branch: agent/change, commit_message: Say why }
`;
