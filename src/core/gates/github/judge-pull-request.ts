import type { PullRequestFact } from './facts.ts';
import { blocks, type Finding, notes } from './finding.ts';
import { shortSha, shown } from './shown.ts';

/**
 * What both gates ask of the pull request: still open (or merged), no draft, and its head is the commit that this run
 * is about. A draft blocks because its author says that it is not finished; a closed one because nobody will merge it.
 */
export function judgePullRequest(pull: PullRequestFact, headSha: string): readonly Finding[] {
  const about = `#${pull.number}`;
  const findings: Finding[] = [
    notes(
      'pull_request',
      about,
      `head ${shortSha(pull.headSha)} of ${shown(pull.headRepository ?? 'a repository that is gone')}, to be merged into ${shown(pull.baseRef)} of ${shown(pull.baseRepository)}`,
    ),
  ];
  if (pull.headSha !== headSha) findings.push(moved(pull, headSha));
  if (!pull.open && !pull.merged) {
    findings.push(
      blocks(
        'pull_request_closed',
        about,
        `${about} is closed and was not merged`,
        'reopen it, then --resume',
      ),
    );
  }
  if (!pull.open && pull.merged) findings.push(notes('pull_request_merged', about, `${about} is merged`));
  if (pull.draft) {
    findings.push(
      blocks('pull_request_draft', about, `${about} is a draft`, 'mark it ready for review, then --resume'),
    );
  }
  return findings;
}

function moved(pull: PullRequestFact, headSha: string): Finding {
  return blocks(
    'head_moved',
    `#${pull.number}`,
    `the head is ${shortSha(pull.headSha)}, this run is about ${shortSha(headSha)}`,
    'somebody pushed: validate the new commit with --resume --rerun-from validation, or put the old head back',
  );
}
