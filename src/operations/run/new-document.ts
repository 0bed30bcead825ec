import type { StoredConfig } from '../../core/config/stored-config.ts';
import type { DeliveryRecord } from '../../core/delivery/delivery-record.ts';
import { undecidedGates } from '../../core/gates/undecided.ts';
import type { GitSetting } from '../../core/git-settings.ts';
import type { Pipeline } from '../../core/machine/pipeline.ts';
import type { GateAssertion, HostRecord, InvocationRecord, TrustedFile } from '../../core/records.ts';
import type { RunDocument } from '../../core/run-document.ts';

/** What a run begins with. */
export interface Beginning {
  readonly runId: string;
  readonly pipeline: Pipeline;
  readonly config: StoredConfig;
  readonly assertions: readonly GateAssertion[];
  readonly host: HostRecord;
  readonly invocation: InvocationRecord;
  readonly isGit: boolean;
  /** The commit that the change is measured against. */
  readonly base: string | null;
  readonly delivery: DeliveryRecord | null;
  readonly gitSettings: readonly GitSetting[] | null;
  readonly configFile: RunDocument['config_file'];
  readonly hiddenBefore: readonly string[];
  readonly trustedFiles: readonly TrustedFile[];
}

/** The document of a run that has not entered a stage. */
export function newDocument(beginning: Beginning): RunDocument {
  return {
    run_id: beginning.runId,
    pipeline: beginning.pipeline.name,
    state: { status: 'pending' },
    intent: null,
    failure: null,
    policy_admission: null,
    gate_decisions: undecidedGates(),
    blocked_reason_codes: [],
    worktree_changes: [],
    git_changes: [],
    git_settings: beginning.gitSettings,
    config_file: beginning.configFile,
    hidden_before: beginning.hiddenBefore,
    trusted_files: beginning.trustedFiles,
    assertions: beginning.assertions,
    reviewer_next_steps: [],
    transitions: [],
    stage_executions: [],
    artifacts: [],
    baselines: [],
    planning_context: null,
    config: beginning.config,
    repo: {
      root: beginning.config.repo_root,
      is_git: beginning.isGit,
      base: beginning.base,
      validated_commit: null,
      head: null,
      dirty: null,
      tree_digest: null,
    },
    delivery: beginning.delivery,
    host: beginning.host,
    isolation: 'none',
    invocations: [beginning.invocation],
    started_at: beginning.invocation.started_at,
    finished_at: null,
  };
}
