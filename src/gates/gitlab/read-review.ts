import type { GateReading } from '../../core/gates/gate-document.ts';
import type { ReviewRules } from '../../core/gates/gate-plan.ts';
import type { GateQuestion } from '../../core/gates/gate-question.ts';
import { readingOf, unreadable } from '../../core/gates/gitlab/document.ts';
import { type GitlabReviewFacts, judgeGitlabReview } from '../../core/gates/gitlab/judge-review.ts';
import { ok, type Result } from '../../core/result.ts';
import { digestOf } from './digest.ts';
import type { Seen } from './memory.ts';
import { remembered } from './memory.ts';
import { type Pinned, pinnedTo } from './pinned.ts';
import type { GitlabPorts } from './ports.ts';
import type { GitlabSource } from './read-ci.ts';
import {
  placeOf,
  readApprovals,
  readCommits,
  readMergeRequest,
  readRules,
  readVersions,
} from './read-facts.ts';
import type { Trouble } from './trouble.ts';

const NOT_EVALUATED = [
  'who pushed the head: GitLab does not say; authors and committers are compared by name and address',
  'whether an account is a bot, beyond its name',
  'unresolved threads',
];

/**
 * The review gate from GitLab: five requests (approvals, approval state, versions, commits, and the merge request last,
 * so that a push while the others were read shows); three of them where approval state and commits were read less than
 * a poll interval ago.
 */
export async function readGitlabReview(
  question: GateQuestion,
  source: GitlabSource,
  rules: ReviewRules,
  ports: GitlabPorts,
): Promise<GateReading> {
  const seen: Seen = { bytes: [] };
  const about = (more: readonly string[] = []) => ({
    ...{ question, gate: 'review' as const, source: source.text },
    ...{ notEvaluated: [...NOT_EVALUATED, ...more], inputsDigest: digestOf(seen) },
  });
  const pinned = pinnedTo(question, source);
  if (!pinned.ok) return unreadable(pinned.failure, about());
  const facts = await readReviewFacts(pinned.value, source.project, { ports, seen });
  if (!facts.ok) return unreadable(facts.failure, about());
  const noRules = facts.value.rules === null ? ['approval rules: this instance has none'] : [];
  return readingOf(judgeGitlabReview(facts.value, rules), about(noRules));
}

async function readReviewFacts(
  { headSha, iid }: Pinned,
  project: string,
  { ports, seen }: { readonly ports: GitlabPorts; readonly seen: Seen },
): Promise<Result<GitlabReviewFacts, Trouble>> {
  const place = placeOf(project, iid);
  const approvals = await readApprovals(ports, place, seen);
  if (!approvals.ok) return approvals;
  const { hasRules } = approvals.value;
  const { memory, clock } = ports;
  const at = { nowMs: clock.now(), seen };
  const rulesKey = { ...at, key: `${ports.baseUrl} ${place.merge} ${hasRules}` };
  const rules = await remembered(memory?.rules, rulesKey, (own) => readRules(ports, place, hasRules, own));
  if (!rules.ok) return rules;
  const versions = await readVersions(ports, place, seen);
  if (!versions.ok) return versions;
  const commitsKey = { ...at, key: `${ports.baseUrl} ${place.merge} ${headSha}` };
  const commits = await remembered(memory?.commits, commitsKey, (own) => readCommits(ports, place, own));
  if (!commits.ok) return commits;
  const merge = await readMergeRequest(ports, place, seen);
  if (!merge.ok) return merge;
  return ok({
    ...{ headSha, merge: merge.value, approvals: approvals.value.approvals, rules: rules.value },
    ...{ versions: versions.value, commits: commits.value },
  });
}
