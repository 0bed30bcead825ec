import t from 'tap';
import type { ReviewRules } from '../../../src/core/gates/gate-plan.ts';
import { readGithubReview } from '../../../src/gates/github/read-github.ts';
import {
  type Answers,
  codesOf,
  greenAnswer,
  HEAD,
  portsFor,
  pullBody,
  type Reply,
  readingOf,
  type Seen,
  setClock,
  tinyForge,
} from './forge-rig.ts';

const RULES: ReviewRules = { approvals: null, reviewers: [], agents: [] };

const ANN = { id: 11, login: 'ann', type: 'User' };
const AUTHOR = { id: 1, login: 'author', type: 'User' };

function reviewBody(id: number, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { id, user: ANN, state: 'APPROVED', commit_id: HEAD, body: '', ...more };
}

function pushBody(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { after: HEAD, ref: 'refs/heads/work', activity_type: 'push', actor: AUTHOR, ...more };
}

/** A pull request that Ann approved, who may write. */
function approvedAnswer({ path, method }: Seen): Reply | null {
  const [route = ''] = path.split('?');
  if (route.endsWith('/reviews')) return { body: [reviewBody(1)] };
  if (route.endsWith('/pulls/7/commits')) return { body: [{ sha: HEAD, author: AUTHOR, committer: AUTHOR }] };
  if (route.endsWith('/permission')) return { body: { permission: 'write', role_name: 'write', user: ANN } };
  if (route.endsWith('/activity')) return { body: [pushBody()] };
  return greenAnswer({ path, method });
}

/** The same, with some calls answered otherwise, by the end of their path. */
function but(replies: Readonly<Record<string, Reply>>): () => Answers {
  return () => (seen) => {
    const route = seen.path.split('?')[0] ?? '';
    const spoiled = Object.entries(replies).find(([end]) => route.endsWith(end));
    return spoiled === undefined ? approvedAnswer(seen) : spoiled[1];
  };
}

async function read(test: Parameters<typeof tinyForge>[0], replies: Readonly<Record<string, Reply>>) {
  const forge = await tinyForge(test, but(replies));
  const reading = await readGithubReview(readingOf('review', portsFor(forge.baseUrl)), RULES);
  return { forge, reading };
}

t.test('an approval of the head by somebody who may write passes', async (t) => {
  const { reading } = await read(t, {});
  t.match(reading, { document: { gate: 'review', status: 'approved', passed: true }, waitsFor: null });
});

t.test('who pushed the head, by the activity of the repository, does not approve it', async (t) => {
  const { reading } = await read(t, { '/activity': { body: [pushBody({ actor: ANN })] } });
  t.strictSame(codesOf(reading), ['approvals_missing']);
  t.ok(reading.document.details.some((detail) => detail.code === 'approval_by_last_pusher'));
});

t.test('nobody is asked for who has nothing to say', async (t) => {
  const reviews = [
    reviewBody(1),
    reviewBody(2, { user: AUTHOR }),
    reviewBody(3, { user: { ...ANN, id: 12, login: 'bo' }, state: 'COMMENTED' }),
  ];
  const { forge } = await read(t, { '/reviews': { body: reviews } });
  const asked = forge.seen.filter(({ path }) => path.endsWith('/permission')).map(({ path }) => path);
  t.strictSame(asked, ['/repos/octo/repo/collaborators/ann/permission']);
});

t.test('the body of a review is never looked at', async (t) => {
  const { reading } = await read(t, {
    '/reviews': { body: [reviewBody(1, { state: 'COMMENTED', body: 'APPROVED' })] },
  });
  t.strictSame(codesOf(reading), ['approvals_missing']);
});

const COMMIT = { sha: HEAD, author: AUTHOR, committer: AUTHOR };
const ROWS: readonly (readonly [rule: string, replies: Readonly<Record<string, Reply>>, code: string])[] = [
  ['reviews that cannot be read block', { '/reviews': { status: 403, body: {} } }, 'review_unknown'],
  [
    'a permission that may not be asked blocks',
    { '/permission': { status: 403, body: {} } },
    'review_unknown',
  ],
  [
    'an account that the repository does not know does not count',
    { '/permission': { status: 404, body: {} } },
    'approvals_missing',
  ],
  [
    'the permission of another account does not count',
    { '/permission': { body: { permission: 'admin', role_name: 'admin', user: AUTHOR } } },
    'approvals_missing',
  ],
  [
    'a permission that its role contradicts does not count',
    { '/permission': { body: { permission: 'write', role_name: 'read', user: ANN } } },
    'approvals_missing',
  ],
  [
    'a permission that nobody knows does not count',
    { '/permission': { body: { permission: 'owner', role_name: 'owner', user: ANN } } },
    'approvals_missing',
  ],
  [
    'triage does not count',
    { '/permission': { body: { permission: 'read', role_name: 'triage', user: ANN } } },
    'approvals_missing',
  ],
  [
    'fewer commits than the pull request has block',
    { '/pulls/7': { body: pullBody({ commits: 2 }) } },
    'review_unknown',
  ],
  [
    'more commits than GitHub lists block',
    { '/pulls/7': { body: pullBody({ commits: 251 }) } },
    'review_unknown',
  ],
  [
    'commits without the head block',
    { '/commits': { body: [{ ...COMMIT, sha: 'd'.repeat(40) }] } },
    'review_unknown',
  ],
  [
    'a commit without an account blocks',
    { '/commits': { body: [{ ...COMMIT, author: {} }] } },
    'review_unknown',
  ],
  [
    'a commit whose account lost its id blocks',
    { '/commits': { body: [{ ...COMMIT, author: { login: 'x' } }] } },
    'review_unknown',
  ],
  ['an activity that may not be seen blocks', { '/activity': { status: 403, body: {} } }, 'review_unknown'],
  ['an activity without the push blocks', { '/activity': { body: [] } }, 'review_unknown'],
  ['a push by nobody blocks', { '/activity': { body: [pushBody({ actor: null })] } }, 'review_unknown'],
  ['an activity of another shape blocks', { '/activity': { body: {} } }, 'review_unknown'],
  [
    'a review without a commit does not count',
    { '/reviews': { body: [reviewBody(1, { commit_id: null })] } },
    'approvals_missing',
  ],
  [
    'a review whose commit is left out blocks',
    { '/reviews': { body: [{ id: 1, user: ANN, state: 'APPROVED' }] } },
    'review_unknown',
  ],
];

for (const [rule, replies, code] of ROWS) {
  t.test(rule, async (t) => {
    const { reading } = await read(t, replies);
    t.equal(reading.document.passed, false);
    t.strictSame(codesOf(reading), [code]);
  });
}

t.test('a full page that announces no other is asked for its successor, which must be empty', async (t) => {
  const full = Array.from({ length: 100 }, (_, index) => reviewBody(index + 1));
  const lost = reviewBody(101, { user: { ...ANN, id: 12, login: 'ben' } });
  for (const [second, codes] of [
    [[], []],
    [[lost], ['review_unknown']],
  ] as const) {
    const forge = await tinyForge(t, () => (seen) => {
      if (!seen.path.includes('/reviews')) return approvedAnswer(seen);
      return { body: /[?&]page=1(&|$)/.test(seen.path) ? full : second };
    });
    const reading = await readGithubReview(readingOf('review', portsFor(forge.baseUrl)), RULES);
    t.strictSame(codesOf(reading), codes);
  }
});

t.test(
  'a closing decision that follows a reading asks for reviews and pull request, in this order',
  async (t) => {
    const forge = await tinyForge(t, but({}));
    const ports = portsFor(forge.baseUrl);
    await readGithubReview(readingOf('review', ports, 'waiting'), RULES);
    const asked = forge.seen.length;
    t.equal((await readGithubReview(readingOf('review', ports, 'closing'), RULES)).document.passed, true);
    const routes = forge.seen.slice(asked).map(({ path }) => path.split('?')[0]);
    t.strictSame(routes, ['/repos/octo/repo/pulls/7/reviews', '/repos/octo/repo/pulls/7']);
  },
);

t.test('a reader who is given write access later than the last minute counts then', async (t) => {
  const clock = setClock();
  let role = 'read';
  const forge = await tinyForge(t, () => (seen) => {
    if (!seen.path.endsWith('/permission')) return approvedAnswer(seen);
    return { body: { permission: role, role_name: role, user: ANN } };
  });
  const ports = portsFor(forge.baseUrl, { clock });
  t.strictSame(codesOf(await readGithubReview(readingOf('review', ports), RULES)), ['approvals_missing']);
  role = 'write';
  clock.advance(60_000);
  t.equal((await readGithubReview(readingOf('review', ports), RULES)).document.passed, true);
});

t.test('permissions decide as documented: admin, maintain and write may', async (t) => {
  for (const [permission, role_name] of [
    ['admin', 'admin'],
    ['write', 'maintain'],
    ['write', 'write'],
    ['write', 'custom role'],
  ] as const) {
    const { reading } = await read(t, { '/permission': { body: { permission, role_name, user: ANN } } });
    t.equal(reading.document.passed, true, role_name);
  }
});

t.test('without a pull request or a commit there is nothing to ask', async (t) => {
  const forge = await tinyForge(t, but({}));
  const asked = readingOf('review', portsFor(forge.baseUrl));
  const withoutCommit = {
    ...asked,
    question: { ...asked.question, subject: { ...asked.question.subject, head_sha: null } },
  };
  for (const one of [
    { ...asked, source: { ...asked.source, number: null } },
    { ...asked, source: { ...asked.source, owner: '..' } },
    withoutCommit,
  ]) {
    t.strictSame(codesOf(await readGithubReview(one, RULES)), ['review_unknown']);
  }
  t.strictSame(forge.seen, []);
});
