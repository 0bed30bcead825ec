import type { GateName } from '../gate.ts';
import { blocks, type Finding, notes, waits } from '../github/finding.ts';
import { shortSha, shown } from '../github/shown.ts';
import type { MergeRequestFact } from './facts.ts';

/** Words of `detailed_merge_status` that mean: not looked at yet (docs, "Merge status"). */
const UNSETTLED: ReadonlySet<string> = new Set(['unchecked', 'checking', 'preparing', 'approvals_syncing']);

/** Words that say nothing against checks or reviews; they are recorded. */
const RECORDED: ReadonlySet<string> = new Set([
  'mergeable',
  'conflict',
  'need_rebase',
  'draft_status',
  'not_open',
  'discussions_not_resolved',
  'jira_association_missing',
  'merge_request_blocked',
  'blocked_status',
  'broken_status',
  'merge_time',
  'commits_status',
  'locked_paths',
  'locked_lfs_files',
  'title_regex',
  'title_not_matching',
  'security_policy_violations',
  'security_policies_violations',
]);

/** Words that contradict a pass of one gate, and are the other gate's affair. */
const AGAINST: Readonly<Record<'ci' | 'review', ReadonlySet<string>>> = {
  ci: new Set([
    'ci_must_pass',
    'ci_still_running',
    'status_checks_must_pass',
    'external_status_checks',
    'security_policy_pipeline_check',
  ]),
  review: new Set(['not_approved', 'requested_changes']),
};

/**
 * What both gates ask of the merge request: open (or merged), no draft, its head is the commit that this run is about,
 * and GitLab has settled what it thinks of that head.
 */
export function judgeMergeRequest(
  merge: MergeRequestFact,
  headSha: string,
  gate: Extract<GateName, 'ci' | 'review'>,
): readonly Finding[] {
  return [
    ...judgeHead(merge, headSha),
    ...judgeState(merge, gate),
    ...(merge.draft ? [draft(merge)] : []),
    judgeStatus(merge, gate),
  ];
}

function judgeHead(merge: MergeRequestFact, headSha: string): readonly Finding[] {
  const about = `!${merge.iid}`;
  if (merge.sha === headSha) {
    const where = `to be merged into ${shown(merge.targetBranch)}`;
    return [notes('merge_request', about, `head ${shortSha(headSha)}, ${where}`)];
  }
  const head = merge.sha === null ? 'unknown' : shortSha(merge.sha);
  return [
    blocks(
      'head_moved',
      about,
      `the head is ${head}, this run is about ${shortSha(headSha)}`,
      'somebody pushed: validate the new commit with --resume --rerun-from validation, or put the old head back',
    ),
  ];
}

function judgeState(merge: MergeRequestFact, gate: 'ci' | 'review'): readonly Finding[] {
  const about = `!${merge.iid}`;
  switch (merge.state) {
    case 'opened':
      return [];
    case 'merged':
      return [notes('merge_request_merged', about, `${about} is merged`)];
    case 'closed':
      return [
        blocks(
          'merge_request_closed',
          about,
          `${about} is closed and was not merged`,
          'reopen it, then --resume',
        ),
      ];
    case 'locked':
      return [
        waits(`${about} to be unlocked`, {
          ...{ code: 'merge_request_locked', about, message: `${about} is locked: a merge is going on` },
          remedy: 'wait for the merge to end, then --resume',
        }),
      ];
    default:
      return [unknownWord(gate, about, `the state ${shown(merge.state)}`)];
  }
}

function draft(merge: MergeRequestFact): Finding {
  const about = `!${merge.iid}`;
  return blocks(
    'merge_request_draft',
    about,
    `${about} is a draft`,
    'mark it ready for review, then --resume',
  );
}

/** `merge_status` is not asked: it knows neither pipelines nor approvals (gitlab-org/gitlab#11530). */
function judgeStatus(merge: MergeRequestFact, gate: 'ci' | 'review'): Finding {
  const about = `!${merge.iid}`;
  const word = merge.mergeStatus;
  const message = `GitLab's merge status is ${shown(word)}`;
  if (UNSETTLED.has(word)) {
    return waits(`GitLab to settle ${about} (${word})`, {
      ...{ code: 'merge_status_pending', about, message },
      remedy: 'wait until GitLab has looked at the new head, then --resume',
    });
  }
  if (word === 'requested_changes' && gate === 'review') {
    return blocks(
      'changes_requested',
      about,
      `${message}: a reviewer asks for changes`,
      'make them, push again',
    );
  }
  if (AGAINST[gate].has(word)) {
    return waits(`${about} to be more than ${word}`, {
      ...{ code: 'merge_status_contradicts', about, message },
      remedy: 'look at the merge request: GitLab itself holds this gate for not met',
    });
  }
  if (RECORDED.has(word) || AGAINST.ci.has(word) || AGAINST.review.has(word)) {
    return notes('merge_status', about, message);
  }
  return unknownWord(gate, about, `the merge status ${shown(word)}`);
}

/** A word that no table has. */
export function unknownWord(gate: 'ci' | 'review', about: string, what: string): Finding {
  return blocks(
    `${gate}_unknown`,
    about,
    `${what}: nobody here knows what that means`,
    'look at it on the forge; an unknown word never passes',
  );
}
