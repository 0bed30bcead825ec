import type { ReviewRules } from '../gate-plan.ts';
import type { PullRequestFact, ReviewFact } from './facts.ts';
import { blocks, type Finding, notes, passes, waits } from './finding.ts';
import { hasLogin, objectionTo, type ReviewContext } from './judge-approval.ts';
import { judgePullRequest } from './judge-pull-request.ts';
import { shortSha, shown } from './shown.ts';
import { lastStances, type Stance } from './stances.ts';

/** The review gate on GitHub (spec/gates.md, section 2). Bodies of reviews are never looked at. */
export function judgeReview(
  reviews: readonly ReviewFact[],
  context: ReviewContext,
  rules: ReviewRules,
): readonly Finding[] {
  const { stances, unknown } = lastStances(reviews);
  const approvals = stances.filter((stance) => stance.state === 'APPROVED');
  const counted = approvals.filter((stance) => objectionTo(stance, context, rules) === null);
  return [
    ...judgePullRequest(context.pull, context.headSha),
    ...unknown.map(unknownState),
    ...stances.flatMap((stance) => judgeStance(stance, context, rules)),
    ...unlinkedCommits(context),
    ...unknownPusher(context),
    enough(counted.length, context, rules),
  ];
}

function judgeStance(stance: Stance, context: ReviewContext, rules: ReviewRules): readonly Finding[] {
  const who = stance.author?.login ?? null;
  const name = shown(who ?? 'an account that is gone');
  if (stance.author === null && stance.state === 'DISMISSED') return [dismissedUnknown()];
  if (stance.state === 'DISMISSED')
    return [notes('review_dismissed', who, `the review by ${name} was dismissed`)];
  if (stance.state === 'CHANGES_REQUESTED') return [changesRequested(stance, context)];
  const objection = objectionTo(stance, context, rules);
  return [
    objection === null
      ? notes('approval', who, `${name} approved ${shortSha(context.headSha)}`)
      : notes(objection.code, who, `the approval by ${name} does not count: it ${objection.words}`),
  ];
}

/** Whose word was dismissed is not known: it could be one that stands here as an approval. */
function dismissedUnknown(): Finding {
  return blocks(
    'review_unknown',
    null,
    'a review of an account that is gone was dismissed: whose approval that takes away cannot be told',
    'open another pull request for the change',
  );
}

/** Only an account that is known to have less than write access asks for changes without effect. */
function changesRequested(stance: Stance, context: ReviewContext): Finding {
  const who = stance.author?.login ?? null;
  const name = shown(who ?? 'an account that is gone');
  const permission = stance.author === null ? 'unknown' : context.permissions.get(stance.author.id);
  if (permission === 'less') {
    return notes('changes_requested_by_reader', who, `${name} asks for changes, and has no write access`);
  }
  return blocks(
    'changes_requested',
    who,
    `${name} asks for changes`,
    'make them and ask for another review, or let a maintainer dismiss this one',
  );
}

function unknownState(state: string): Finding {
  return blocks(
    'review_unknown',
    null,
    `a review has state ${shown(state)}: nobody here knows what that means`,
    'look at it on the forge; an unknown word never passes',
  );
}

/** Whoever approves must be known to have no part in the change: a nameless commit could be theirs. */
function unlinkedCommits({ commits }: ReviewContext): readonly Finding[] {
  const unlinked = commits.filter((commit) => commit.author === null || commit.committer === null);
  const [first] = unlinked;
  if (first === undefined) return [];
  return [
    blocks(
      'review_unknown',
      first.sha,
      `${unlinked.length} commit(s) name an author or committer without an account: whether a reviewer is one of them cannot be told`,
      'commit with an address that belongs to an account of the forge',
    ),
  ];
}

/** The same for who pushed. A push can take a moment to be listed. */
function unknownPusher({ pusher, pull, headSha }: ReviewContext): readonly Finding[] {
  const about = pull.headRepository;
  const what = `who pushed ${shortSha(headSha)} is not known: whether a reviewer did cannot be told`;
  switch (pusher.kind) {
    case 'known':
      return [];
    case 'unlisted':
      return [
        waits('word of who pushed the head', {
          code: 'review_unknown',
          about,
          message: what,
          remedy: 'look at the activity of the branch on the forge; it has to list that push',
        }),
      ];
    case 'unseen':
      return [
        blocks(
          'review_unknown',
          about,
          what,
          'let the token see the activity of the repository (Contents: read)',
        ),
      ];
  }
}

function enough(counted: number, context: ReviewContext, rules: ReviewRules): Finding {
  const needed = Math.max(1, rules.approvals ?? (isByBot(context.pull, rules) ? 2 : 1));
  const message = `${counted} of ${needed} approval(s) of ${shortSha(context.headSha)} count`;
  if (counted >= needed) return passes('approvals', `#${context.pull.number}`, message);
  return waits(`${needed - counted} more approval(s) of #${context.pull.number}`, {
    code: 'approvals_missing',
    about: `#${context.pull.number}`,
    message,
    remedy: `let somebody with write access, who took no part in the change, approve ${shortSha(context.headSha)}`,
  });
}

/** Whether nobody stands behind the change as its author: two people then look at it, unless the rules say otherwise. */
function isByBot(pull: PullRequestFact, rules: ReviewRules): boolean {
  return pull.author === null || pull.author.type !== 'User' || hasLogin(rules.agents, pull.author);
}
