import { userInfo } from 'node:os';
import type { GateQuestion } from '../../../core/gates/gate-question.ts';
import type { RunDocument } from '../../../core/run-document.ts';
import { ROLES, type Role } from '../../../core/run-plan.ts';
import type { ChangeSet } from '../../../core/scope/change.ts';
import { summariseChanges } from '../../../core/scope/change-summary.ts';
import type { PlannedChanges } from '../../../core/scope/planned-changes.ts';
import {
  POLICY_INPUT_SCHEMA_VERSION,
  type PolicyDiff,
  type PolicyInput,
} from '../../../formats/policy-input.ts';
import { resolveExecutable } from '../../../process/executables.ts';
import { identifyExecutable } from '../../../process/identify-executable.ts';
import type { RunContext } from '../context.ts';

/** What a policy is told of the run, beside the question itself. */
export interface PolicyFacts {
  readonly change: ChangeSet | null;
  readonly planned: PlannedChanges | null;
}

/** The policy decision document of this run as it stands now (spec/gates.md, section 4). */
export function policyInputOf(
  context: RunContext,
  document: RunDocument,
  question: GateQuestion,
  facts: PolicyFacts,
): PolicyInput {
  const { state } = document;
  const { clock, env, version, hostname } = context.ports;
  return {
    schema_version: POLICY_INPUT_SCHEMA_VERSION,
    run_id: document.run_id,
    moment: question.moment,
    mode: null,
    anchor: null,
    plan: { digest: question.planDigest, changes: facts.planned },
    diff: facts.change === null ? null : diffOf(facts.change, question),
    budget: {
      attempts: document.stage_executions.filter((one) => one.command !== null).length,
      cycles: state.status === 'pending' ? 0 : state.progress.cycle,
      elapsed_ms: Math.max(0, clock.now() - Date.parse(document.started_at)),
    },
    actor: { user: userName(), host: hostname, ci: (env.CI ?? '') !== '' && env.CI !== 'false' },
    agents: Object.fromEntries(
      ROLES.map((role) => [role, agentDigest(context, document, role)]),
    ) as PolicyInput['agents'],
    versions: { orchestrator: version, node: process.versions.node },
  };
}

function diffOf(change: ChangeSet, { subject }: GateQuestion): PolicyDiff {
  const summary = summariseChanges(change);
  return {
    base_sha: subject.base_sha,
    head_sha: subject.head_sha,
    tree_digest: subject.tree_digest,
    ...summary.totals,
    path_count: summary.path_count,
    truncated: summary.truncated,
    changes: summary.paths.map(({ from, link, ...one }) => ({
      ...one,
      old_path: from,
      symlink_target: link,
    })),
  };
}

function userName(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}

/** What ran is what counts; a role that has not run yet is looked at as it is now. */
function agentDigest(context: RunContext, document: RunDocument, role: Role): string | null {
  const plan = context.plan.roles[role];
  if (plan === null) return null;
  const ran = document.stage_executions.findLast((one) => one.step === role && one.binary !== null);
  if (ran?.binary) return ran.binary.sha256;
  const cwd = context.plan.repoRoot;
  const file = resolveExecutable(plan.bin, { path: context.ports.env.PATH ?? '', cwd });
  if (!file.ok) return null;
  const identity = identifyExecutable({ file: file.value, args: plan.args, cwd }, context.digests);
  return identity.ok ? identity.value.binary.sha256 : null;
}
