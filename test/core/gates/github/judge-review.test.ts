import t from 'tap';
import type { ReviewRules } from '../../../../src/core/gates/gate-plan.ts';
import type {
  AccountFact,
  CommitAuthorsFact,
  PermissionFact,
  PullRequestFact,
  PusherFact,
  ReviewFact,
} from '../../../../src/core/gates/github/facts.ts';
import { judgeReview } from '../../../../src/core/gates/github/judge-review.ts';
import { combineFindings, type Verdict } from '../../../../src/core/gates/github/verdict.ts';
import { blockingCodesOf, HEAD, pullRequest } from './ci-rig.ts';

const ANN: AccountFact = { id: 11, login: 'ann', type: 'User' };
const BEN: AccountFact = { id: 12, login: 'ben', type: 'User' };
const AUTHOR: AccountFact = { id: 1, login: 'author', type: 'User' };
const BOT: AccountFact = { id: 50, login: 'helper[bot]', type: 'Bot' };

interface Given {
  readonly reviews: readonly ReviewFact[];
  readonly pull?: Partial<PullRequestFact>;
  readonly commits?: readonly CommitAuthorsFact[];
  readonly pusher?: PusherFact;
  readonly permissions?: Readonly<Record<number, PermissionFact>>;
  readonly rules?: Partial<ReviewRules>;
}

function verdictOf(given: Given): Verdict {
  const permissions = new Map<number, PermissionFact>([
    [ANN.id, 'write'],
    [BEN.id, 'write'],
    [AUTHOR.id, 'write'],
    [BOT.id, 'write'],
    ...Object.entries(given.permissions ?? {}).map(([id, may]) => [Number(id), may] as const),
  ]);
  const context = {
    headSha: HEAD,
    pull: pullRequest(given.pull),
    commits: given.commits ?? [{ sha: HEAD, author: AUTHOR, committer: AUTHOR }],
    pusher: given.pusher ?? { kind: 'known' as const, account: AUTHOR },
    permissions,
  };
  const rules = { approvals: null, reviewers: [], agents: [], ...given.rules };
  return combineFindings(judgeReview(given.reviews, context, rules));
}

let nextId = 0;

function review(author: AccountFact | null, state: string, commitSha: string | null = HEAD): ReviewFact {
  nextId += 1;
  return { id: nextId, author, state, commitSha };
}

function approved(author: AccountFact | null, commitSha: string | null = HEAD): ReviewFact {
  return review(author, 'APPROVED', commitSha);
}

const MISSING = ['approvals_missing'];
type Row = readonly [
  rule: string,
  given: Given,
  verdict: 'pass' | 'block' | 'pending',
  codes?: readonly string[],
];

const ROWS: readonly Row[] = [
  ['an approval of the head by a writer passes', { reviews: [approved(ANN)] }, 'pass'],
  ['no review at all is waited for', { reviews: [] }, 'pending', MISSING],
  ['a comment does not approve', { reviews: [review(ANN, 'COMMENTED')] }, 'pending', MISSING],
  [
    'a review that is not submitted does not approve',
    { reviews: [review(ANN, 'PENDING')] },
    'pending',
    MISSING,
  ],
  [
    'a comment does not clear a demand for changes',
    { reviews: [review(ANN, 'CHANGES_REQUESTED'), review(ANN, 'COMMENTED'), approved(BEN)] },
    'block',
    ['changes_requested'],
  ],
  ['a comment does not clear an approval', { reviews: [approved(ANN), review(ANN, 'COMMENTED')] }, 'pass'],
  [
    'the last stance of a reviewer counts: approval after changes',
    { reviews: [review(ANN, 'CHANGES_REQUESTED'), approved(ANN)] },
    'pass',
  ],
  [
    'the last stance of a reviewer counts: changes after approval',
    { reviews: [approved(ANN), review(ANN, 'CHANGES_REQUESTED')] },
    'block',
    ['changes_requested', 'approvals_missing'],
  ],
  ['a dismissal clears a demand for changes', { reviews: [review(ANN, 'DISMISSED'), approved(BEN)] }, 'pass'],
  [
    'a dismissal does not bring back the approval before it',
    { reviews: [approved(ANN), review(ANN, 'DISMISSED')] },
    'pending',
    MISSING,
  ],
  [
    'one standing demand for changes outweighs approvals',
    { reviews: [approved(ANN), review(BEN, 'CHANGES_REQUESTED')] },
    'block',
    ['changes_requested'],
  ],
  [
    'a demand for changes by an account without write access is only recorded',
    { reviews: [approved(ANN), review(BEN, 'CHANGES_REQUESTED')], permissions: { 12: 'less' } },
    'pass',
  ],
  [
    'a demand for changes by an account of unknown rights blocks',
    { reviews: [approved(ANN), review(BEN, 'CHANGES_REQUESTED')], permissions: { 12: 'unknown' } },
    'block',
    ['changes_requested'],
  ],
  [
    'a demand for changes by an account that is gone blocks',
    { reviews: [approved(ANN), review(null, 'CHANGES_REQUESTED')] },
    'block',
    ['changes_requested'],
  ],
  [
    'an approval of an older commit does not count',
    { reviews: [approved(ANN, 'd'.repeat(40))] },
    'pending',
    MISSING,
  ],
  ['an approval that names no commit does not count', { reviews: [approved(ANN, null)] }, 'pending', MISSING],
  ['an approval by a bot does not count', { reviews: [approved(BOT)] }, 'pending', MISSING],
  [
    'an approval by a listed agent does not count, in any case',
    { reviews: [approved(ANN)], rules: { agents: ['ANN'] } },
    'pending',
    MISSING,
  ],
  [
    'an approval by the author of the pull request does not count',
    { reviews: [approved(AUTHOR)], commits: [] },
    'pending',
    MISSING,
  ],
  [
    'an approval by the author of a commit does not count',
    { reviews: [approved(ANN)], commits: [{ sha: HEAD, author: ANN, committer: BEN }] },
    'pending',
    MISSING,
  ],
  [
    'an approval by the committer of a commit does not count',
    { reviews: [approved(BEN)], commits: [{ sha: HEAD, author: ANN, committer: BEN }] },
    'pending',
    MISSING,
  ],
  [
    'an approval by the last pusher does not count',
    { reviews: [approved(ANN)], pusher: { kind: 'known', account: ANN } },
    'pending',
    MISSING,
  ],
  [
    'an approval by a reader does not count',
    { reviews: [approved(ANN)], permissions: { 11: 'less' } },
    'pending',
    MISSING,
  ],
  [
    'an approval by an account of unknown rights does not count',
    { reviews: [approved(ANN)], permissions: { 11: 'unknown' } },
    'pending',
    MISSING,
  ],
  [
    'an approval by nobody on the list does not count',
    { reviews: [approved(ANN)], rules: { reviewers: ['ben'] } },
    'pending',
    MISSING,
  ],
  [
    'an approval by somebody on the list counts',
    { reviews: [approved(BEN)], rules: { reviewers: ['Ben'] } },
    'pass',
  ],
  [
    'an approval by an account that is gone does not count',
    { reviews: [approved(null)] },
    'pending',
    MISSING,
  ],
  [
    'two approvals of one reviewer are one',
    { reviews: [approved(ANN), approved(ANN)], rules: { approvals: 2 } },
    'pending',
    MISSING,
  ],
  [
    'a change that a bot opened needs two',
    { reviews: [approved(ANN)], pull: { author: BOT } },
    'pending',
    MISSING,
  ],
  [
    'a change that a bot opened passes with two',
    { reviews: [approved(ANN), approved(BEN)], pull: { author: BOT } },
    'pass',
  ],
  [
    'a change that a listed agent opened needs two',
    { reviews: [approved(ANN)], rules: { agents: ['author'] } },
    'pending',
    MISSING,
  ],
  [
    'a change whose author is gone needs two',
    { reviews: [approved(ANN)], pull: { author: null } },
    'pending',
    MISSING,
  ],
  [
    'a number in the rules wins over the default',
    { reviews: [approved(ANN)], pull: { author: BOT }, rules: { approvals: 1 } },
    'pass',
  ],
  ['zero approvals are still one', { reviews: [], rules: { approvals: 0 } }, 'pending', MISSING],
  [
    'any other state is unknown',
    { reviews: [approved(ANN), review(BEN, 'approved')] },
    'block',
    ['review_unknown'],
  ],
  [
    'a head that moved blocks',
    { reviews: [approved(ANN)], pull: { headSha: 'c'.repeat(40) } },
    'block',
    ['head_moved'],
  ],
  ['a draft blocks', { reviews: [approved(ANN)], pull: { draft: true } }, 'block', ['pull_request_draft']],
  [
    'a closed pull request blocks',
    { reviews: [approved(ANN)], pull: { open: false } },
    'block',
    ['pull_request_closed'],
  ],
];

for (const [rule, given, verdict, codes] of ROWS) {
  t.test(rule, async (t) => {
    const seen = verdictOf(given);
    t.equal(seen.verdict, verdict);
    t.strictSame(blockingCodesOf(seen), codes ?? []);
  });
}

const UNKNOWN_PUSHERS = [
  ['unlisted', 'pending'],
  ['unseen', 'block'],
] as const;

for (const [kind, verdict] of UNKNOWN_PUSHERS) {
  t.test(`an approval does not pass while who pushed the head is ${kind}`, async (t) => {
    const seen = verdictOf({ reviews: [approved(ANN)], pusher: { kind } });
    t.equal(seen.verdict, verdict);
    t.strictSame(blockingCodesOf(seen), ['review_unknown']);
  });
}

t.test(
  'the dismissed review of an account that is gone blocks: it could be that of who approved',
  async (t) => {
    const seen = verdictOf({ reviews: [approved(ANN), review(null, 'DISMISSED')] });
    t.strictSame(blockingCodesOf(seen), ['review_unknown']);
  },
);

t.test('an approval that does not count is recorded with the reason', async (t) => {
  const codes = verdictOf({ reviews: [approved(ANN, null), approved(BOT), approved(AUTHOR)] }).details.map(
    (detail) => detail.code,
  );
  t.match(codes, [
    'approvals_missing',
    'pull_request',
    'approval_of_other_commit',
    'approval_by_bot',
    'approval_by_author',
  ]);
});

t.test('a commit without an account blocks: its author could be the reviewer', async (t) => {
  const seen = verdictOf({
    reviews: [approved(ANN)],
    commits: [{ sha: HEAD, author: ANN, committer: null }],
  });
  t.equal(seen.verdict, 'block');
  t.ok(blockingCodesOf(seen).includes('review_unknown'));
});
