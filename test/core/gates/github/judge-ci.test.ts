import t from 'tap';
import {
  ACTIONS,
  blockingCodesOf,
  check,
  ciVerdict,
  type Given,
  HEAD,
  MERGE,
  OTHER,
  required,
  status,
} from './ci-rig.ts';

type Row = readonly [
  rule: string,
  given: Given,
  verdict: 'pass' | 'block' | 'pending',
  codes?: readonly string[],
];

const UNFINISHED = ['queued', 'in_progress', 'waiting', 'requested', 'pending'];
const BAD_CONCLUSIONS = [
  'failure',
  'timed_out',
  'cancelled',
  'action_required',
  'startup_failure',
  'stale',
  'neutral',
  'skipped',
];

function run(conclusion: string | null, more = {}): Given {
  return { checks: [check('build', conclusion, more)] };
}

const bothAreRequired: readonly Row[] = [
  [
    'a failing status beside a passing check of that name blocks',
    { ...run('success'), statuses: [status('build', 'failure')] },
    'block',
    ['status_failure'],
  ],
  [
    'a failing check beside a passing status of that name blocks',
    { ...run('failure'), statuses: [status('build', 'success')] },
    'block',
    ['check_failure'],
  ],
  ['both passing pass', { ...run('success'), statuses: [status('build', 'success')] }, 'pass'],
];

const apps: readonly Row[] = [
  [
    'the success of another app does not hide a failure',
    { checks: [check('build', 'failure'), check('build', 'success', { app: OTHER })] },
    'block',
    ['check_failure'],
  ],
  [
    'a check of another app than the required one is as good as none',
    { own: [required('build', { app: '15368' })], checks: [check('build', 'success', { app: OTHER })] },
    'pending',
    ['check_missing'],
  ],
  [
    'an app can be named by its slug',
    { own: [required('build', { app: ACTIONS.slug })], ...run('success') },
    'pass',
  ],
  [
    'a check without an app is not the required app',
    { own: [required('build', { app: '15368' })], ...run('success', { app: null }) },
    'pending',
    ['check_missing'],
  ],
  [
    'a status proves no app',
    { own: [required('build', { app: '15368' })], statuses: [status('build', 'success')] },
    'pending',
    ['check_missing'],
  ],
  [
    'of two apps that report a name without app, an unfinished one is waited for',
    { checks: [check('build', 'success'), check('build', null, { app: OTHER, status: 'queued' })] },
    'pending',
    ['check_pending'],
  ],
];

const reruns: readonly Row[] = [
  [
    'a failure after a success on the same commit blocks',
    { checks: [check('build', 'success'), check('build', 'failure')] },
    'block',
    ['check_failure'],
  ],
  [
    'a success after a failure is flaky and blocks',
    { checks: [check('build', 'failure'), check('build', 'success')] },
    'block',
    ['flaky'],
  ],
  [
    'the latest is the one with the highest id, wherever it stands',
    { checks: [check('build', 'success', { id: 9_000 }), check('build', 'failure')] },
    'block',
    ['flaky'],
  ],
  [
    'a success after a word that nobody knows is flaky',
    { checks: [check('build', 'odd'), check('build', 'success')] },
    'block',
    ['flaky'],
  ],
  [
    'a success after a run that ended without a conclusion is flaky',
    { checks: [check('build', null), check('build', 'success')] },
    'block',
    ['flaky'],
  ],
  [
    'a success after a cancelled run passes',
    { checks: [check('build', 'cancelled'), check('build', 'success')] },
    'pass',
  ],
  [
    'a re-run that is under way is waited for',
    { checks: [check('build', 'success'), check('build', null, { status: 'queued' })] },
    'pending',
    ['check_pending'],
  ],
  [
    'two runs of one id contradict one another: the bad one counts',
    { checks: [check('build', 'success', { id: 5 }), check('build', 'failure', { id: 5 })] },
    'block',
    ['check_failure'],
  ],
];

const requiredSet: readonly Row[] = [
  [
    'nothing required blocks, whatever is green',
    { own: [], ...run('success') },
    'block',
    ['no_required_checks'],
  ],
  [
    'a required name that nothing reports is waited for',
    { checks: [check('lint', 'success')] },
    'pending',
    ['check_missing'],
  ],
  ['names are compared to the letter', { checks: [check('Build', 'success')] }, 'pending', ['check_missing']],
  [
    'what branch rules demand is required beside the own list',
    { ...run('success'), forge: [{ name: 'lint', app: null, by: 'branch rules' }] },
    'pending',
    ['check_missing'],
  ],
  [
    'what classic protection demands is required too',
    { own: [], ...run('success'), forge: [{ name: 'build', app: '15368', by: 'branch protection' }] },
    'pass',
  ],
  [
    'a demand of the forge takes accept from the own entry of that name',
    {
      own: [required('build', { accept: ['skipped'] })],
      forge: [{ name: 'build', app: '15368', by: 'branch rules' }],
      ...run('skipped'),
    },
    'pass',
  ],
  [
    'the accept of an entry for another app has no effect',
    {
      own: [required('build', { app: '99', accept: ['skipped'] })],
      forge: [{ name: 'build', app: '15368', by: 'branch rules' }],
      checks: [check('build', 'skipped'), check('build', 'success', { app: OTHER })],
    },
    'block',
    ['check_skipped'],
  ],
  [
    'accept cannot make a failure pass',
    { own: [required('build', { accept: ['failure', 'skipped'] })], ...run('failure') },
    'block',
    ['check_failure'],
  ],
  [
    'a failure of a check that nobody requires does not block',
    { checks: [check('build', 'success'), check('extra', 'failure')] },
    'pass',
  ],
];

const pullRequests: readonly Row[] = [
  [
    'a head that moved blocks',
    { ...run('success'), pull: { headSha: 'c'.repeat(40) } },
    'block',
    ['head_moved'],
  ],
  [
    'a closed pull request blocks',
    { ...run('success'), pull: { open: false } },
    'block',
    ['pull_request_closed'],
  ],
  [
    'a merged pull request is recorded and does not block',
    { ...run('success'), pull: { open: false, merged: true } },
    'pass',
  ],
  ['a draft blocks', { ...run('success'), pull: { draft: true } }, 'block', ['pull_request_draft']],
  [
    'a failure outweighs what is pending: nothing is waited for',
    { own: [required('build'), required('lint')], ...run('failure') },
    'block',
    ['check_failure', 'check_missing'],
  ],
];

const testMerges: readonly Row[] = [
  [
    'where the branch must be up to date, the test merge is waited for',
    { ...run('success'), strict: true },
    'pending',
    ['test_merge_missing'],
  ],
  [
    'a failure on the test merge blocks although the head passed',
    { ...run('success'), merge: { checks: [check('build', 'failure')] } },
    'block',
    ['check_failure'],
  ],
  [
    'a failure on the head blocks although the test merge passed',
    { ...run('failure'), merge: { checks: [check('build', 'success')] } },
    'block',
    ['check_failure'],
  ],
  ['a check that only the test merge has counts', { merge: { checks: [check('build', 'success')] } }, 'pass'],
  ['a test merge without a word leaves it to the head', { ...run('success'), merge: {} }, 'pass'],
];

const words: readonly Row[] = [
  [
    'success of the right app passes',
    { own: [required('build', { app: '15368' })], ...run('success') },
    'pass',
  ],
  ...UNFINISHED.map(
    (word): Row => [
      `status ${word} is waited for`,
      run(null, { status: word }),
      'pending',
      ['check_pending'],
    ],
  ),
  ...BAD_CONCLUSIONS.map((word): Row => [`conclusion ${word} blocks`, run(word), 'block', [`check_${word}`]]),
  ...['skipped', 'neutral'].map(
    (word): Row => [
      `${word} passes where its entry accepts it`,
      { own: [required('build', { accept: [word] })], ...run(word) },
      'pass',
    ],
  ),
  [
    'skipped is not accepted by an entry that accepts neutral',
    { own: [required('build', { accept: ['neutral'] })], ...run('skipped') },
    'block',
    ['check_skipped'],
  ],
  ['completed without a conclusion is unknown', run(null), 'block', ['ci_unknown']],
  [
    'a conclusion of a run that is not completed is unknown',
    run('success', { status: 'in_progress' }),
    'block',
    ['ci_unknown'],
  ],
  ['any other conclusion is unknown', run('SUCCESS'), 'block', ['ci_unknown']],
  ['any other status is unknown', run(null, { status: 'odd' }), 'block', ['ci_unknown']],
  ['a status success passes', { statuses: [status('build', 'success')] }, 'pass'],
  [
    'a status pending is waited for',
    { statuses: [status('build', 'pending')] },
    'pending',
    ['check_pending'],
  ],
  ['a status failure blocks', { statuses: [status('build', 'failure')] }, 'block', ['status_failure']],
  ['a status error blocks', { statuses: [status('build', 'error')] }, 'block', ['status_error']],
  [
    'any other state of a status is unknown',
    { statuses: [status('build', 'neutral')] },
    'block',
    ['ci_unknown'],
  ],
];

const TABLES = { words, bothAreRequired, apps, reruns, requiredSet, pullRequests, testMerges };

for (const rows of Object.values(TABLES)) {
  for (const [rule, given, verdict, codes] of rows) {
    t.test(rule, async (t) => {
      const seen = ciVerdict(given);
      t.equal(seen.verdict, verdict);
      t.strictSame(blockingCodesOf(seen), codes ?? []);
      t.equal(seen.waitsFor !== null, verdict === 'pending', 'only what is pending is waited for');
    });
  }
}

t.test('what blocks says what to do next', async (t) => {
  const remedies = BAD_CONCLUSIONS.map((word) => ciVerdict(run(word)).details[0]?.remedy);
  t.equal(new Set(remedies).size, BAD_CONCLUSIONS.length, 'each conclusion has words of its own');
  t.match(ciVerdict(run('action_required')).details[0]?.remedy, /Approve and run/);
});

t.test('what is waited for is named, three names at most', async (t) => {
  const own = ['a', 'b', 'c', 'd', 'e'].map((name) => required(name));
  t.equal(ciVerdict({ own }).waitsFor, 'the check "a", the check "b", the check "c" and 2 more');
});

t.test('an accepted flaky check passes and is recorded', async (t) => {
  const checks = [check('build', 'failure'), check('build', 'success')];
  const seen = ciVerdict({ checks, acceptFlaky: true });
  t.equal(seen.verdict, 'pass');
  t.match(
    seen.details.find((detail) => detail.code === 'flaky'),
    { blocks: false, about: 'build' },
  );
});

t.test('both commits are recorded where the test merge was read', async (t) => {
  const note = ciVerdict({ ...run('success'), merge: {} }).details.find((one) => one.code === 'test_merge');
  t.match(note?.message, new RegExp(`${HEAD}.*${MERGE}`));
});

t.test('a long name is cut in the words, not in the comparison', async (t) => {
  const name = 'x'.repeat(5_000);
  const seen = ciVerdict({ own: [required(`${name}1`)], checks: [check(`${name}2`, 'success')] });
  t.strictSame(blockingCodesOf(seen), ['check_missing']);
  t.ok((seen.details[0]?.message.length ?? 0) < 500);
});
