import type { CiRules } from '../gate-plan.ts';
import type { CommitFacts, ForgeDemand, PullRequestFact } from './facts.ts';
import { blocks, type Finding, notes, waits } from './finding.ts';
import { judgeRequirement } from './fold-checks.ts';
import { detailOf } from './judge-check.ts';
import { judgePullRequest } from './judge-pull-request.ts';
import { type Requirement, requiredChecks } from './required-checks.ts';
import { shortSha, shown } from './shown.ts';

/** Everything that the ci gate is decided from. */
export interface CiFacts {
  readonly headSha: string;
  readonly pull: PullRequestFact;
  readonly demands: readonly ForgeDemand[];
  readonly head: CommitFacts;
  /** Whether the branch must be up to date: then the test merge of head and base counts as well. */
  readonly strict: boolean;
  /** The test merge commit, where the rules are strict and there is one. */
  readonly merge: CommitFacts | null;
}

/** The ci gate on GitHub (spec/gates.md, section 1): one finding per rule and required check. */
export function judgeCi(facts: CiFacts, rules: CiRules): readonly Finding[] {
  const required = requiredChecks(rules.required, facts.demands);
  const findings = [...judgePullRequest(facts.pull, facts.headSha)];
  if (facts.merge !== null) findings.push(bothCommits(facts.head, facts.merge));
  else if (facts.strict) findings.push(noTestMerge(facts.pull));
  if (required.length === 0) return [...findings, nothingRequired(facts.pull)];
  return [...findings, ...required.flatMap((one) => judgeOne(one, facts, rules.acceptFlaky))];
}

/** Where the test merge has a word on a check, that word counts beside the head's: neither hides the other. */
function judgeOne(requirement: Requirement, facts: CiFacts, acceptFlaky: boolean): readonly Finding[] {
  const commits = facts.merge === null ? [facts.head] : [facts.head, facts.merge];
  const findings = commits.flatMap((commit) => judgeRequirement(requirement, commit, acceptFlaky));
  return findings.length === 0 ? [missing(requirement, facts.head)] : findings;
}

function missing(requirement: Requirement, head: CommitFacts): Finding {
  const byApp = requirement.app === null ? '' : ` by app ${shown(requirement.app)}`;
  const name = `${shown(requirement.name)}${byApp}`;
  return waits(
    `the check ${name}`,
    detailOf(
      'check_missing',
      requirement.name,
      `${name} is required (${requirement.by.join(', ')}) and nothing reports it on ${shortSha(head.sha)}`,
      'look whether its workflow was started: one that a path filter left out never reports',
    ),
  );
}

function nothingRequired(pull: PullRequestFact): Finding {
  return blocks(
    'no_required_checks',
    null,
    `no check is required: the own list is empty, and the rules of ${shown(pull.baseRef)} name none`,
    'name at least one required check: --ci-required NAME, or gates.ci.required',
  );
}

/** GitHub makes it a moment after a push, and none where head and base conflict. */
function noTestMerge(pull: PullRequestFact): Finding {
  return waits(
    'the test merge of head and base',
    detailOf(
      'test_merge_missing',
      `#${pull.number}`,
      'the branch must be up to date, and there is no test merge of head and base to look at',
      'look whether the pull request has conflicts with its base',
    ),
  );
}

function bothCommits(head: CommitFacts, merge: CommitFacts): Finding {
  return notes(
    'test_merge',
    merge.sha,
    `the branch must be up to date: checks of the head ${head.sha} and of its test merge ${merge.sha} were read`,
  );
}
