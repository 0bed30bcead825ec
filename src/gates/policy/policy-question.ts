import { blocking, type GateDetail } from '../../core/gates/gate-document.ts';
import type { PolicyRules } from '../../core/gates/gate-plan.ts';
import type { GateQuestion } from '../../core/gates/gate-question.ts';
import type { PolicyFolder } from '../../core/gates/policy-folder.ts';
import type { PolicyInput } from '../../formats/policy-input.ts';
import type { PolicySource } from './policy-folder.ts';

/** Changed paths that one policy decision judges at most; a change with more of them blocks. */
export const MAX_POLICY_PATHS = 5_000;

/** What every policy engine is asked. */
export interface PolicyQuestion {
  readonly question: GateQuestion;
  readonly source: PolicySource;
  readonly input: PolicyInput;
  readonly rules: PolicyRules;
}

/** The same with the policy at hand. */
export interface LoadedPolicy extends PolicyQuestion {
  readonly folder: PolicyFolder;
}

/** Why an input is no basis for a decision; null when it is one. A policy is never asked about a part of a change. */
export function objectionToInput({ question, input }: PolicyQuestion): GateDetail | null {
  if (input.run_id !== question.subject.run_id || input.moment !== question.moment) {
    return blocking('subject_differs', null, 'the policy input is about another question');
  }
  if (question.moment === 'closure' && input.diff === null) {
    return blocking(
      'policy_no_diff',
      null,
      'expected to know what changed since the base commit, got no comparison',
      'run in a git repository with a base commit, or use --policy-from operator',
    );
  }
  const { diff, plan } = input;
  const paths = diff === null ? (plan.changes ?? []).length : diff.changes.length;
  if (diff?.truncated === true || paths > MAX_POLICY_PATHS) {
    return blocking(
      'policy_too_many_paths',
      null,
      `expected at most ${MAX_POLICY_PATHS} changed paths, got ${diff?.truncated === true ? 'more' : paths}`,
      'deliver the change in parts',
    );
  }
  return diff === null ? null : objectionToDiff(question, diff);
}

function objectionToDiff(
  { subject }: GateQuestion,
  diff: NonNullable<PolicyInput['diff']>,
): GateDetail | null {
  for (const key of ['head_sha', 'base_sha', 'tree_digest'] as const) {
    if (diff[key] === null || subject[key] === null || diff[key] === subject[key]) continue;
    return blocking('subject_differs', key, `expected a diff of ${subject[key]}, got one of ${diff[key]}`);
  }
  return diff.path_count === diff.changes.length
    ? null
    : blocking(
        'policy_diff_incomplete',
        null,
        `expected ${diff.path_count} paths, got ${diff.changes.length}`,
      );
}
