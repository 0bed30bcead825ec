import t from 'tap';
import {
  type AssertionScope,
  bindToTree,
  collectSignals,
  mergeAssertions,
  signalsOfClosed,
} from '../../../src/core/gates/collect-signals.ts';
import { decideGates } from '../../../src/core/gates/decide-gates.ts';
import type { GateAssertion } from '../../../src/core/records.ts';

const HOUR = 3600;

function assertion(more: Partial<GateAssertion> = {}): GateAssertion {
  return {
    gate: 'policy',
    status: 'allow',
    source: 'operator',
    asserted_at_unix_secs: 100_000,
    decided_tree: null,
    ...more,
  };
}

function scope(more: Partial<AssertionScope> = {}): AssertionScope {
  return {
    nowSecs: 100_000 + HOUR,
    maxAgeMs: 24 * HOUR * 1000,
    tree: null,
    given: {},
    ...more,
  };
}

t.test('what this invocation asserts replaces what an earlier one did, gate by gate', async (t) => {
  const earlier = [assertion({ status: 'deny' }), assertion({ gate: 'ci', status: 'success' })];
  t.strictSame(mergeAssertions(earlier, { policy: 'allow', review: 'approved' }, 7), [
    { gate: 'policy', status: 'allow', source: 'operator', asserted_at_unix_secs: 7, decided_tree: null },
    assertion({ gate: 'ci', status: 'success' }),
    { gate: 'review', status: 'approved', source: 'operator', asserted_at_unix_secs: 7, decided_tree: null },
  ]);
});

t.test('a gate that nobody ever asserted has no assertion', async (t) => {
  t.strictSame(mergeAssertions([], {}, 7), []);
});

t.test('an assertion given again is new: no tree is bound to it', async (t) => {
  const [merged] = mergeAssertions([assertion({ decided_tree: 'aa' })], { policy: 'allow' }, 9);
  t.match(merged, { decided_tree: null, asserted_at_unix_secs: 9 });
});

t.test('an earlier assertion is carried over with its time and source, and says so', async (t) => {
  t.strictSame(collectSignals([assertion()], scope()), {
    policy: {
      status: 'allow',
      source: 'operator',
      asserted_at_unix_secs: 100_000,
      carried_over: true,
      details: [],
      documents: [],
    },
  });
});

t.test('an assertion of this invocation is not carried over', async (t) => {
  const signals = collectSignals([assertion()], scope({ given: { policy: 'allow' } }));
  t.equal(signals.policy?.carried_over, false);
});

t.test('a carried assertion counts until it is older than --gate-max-age, then it is missing', async (t) => {
  const ageSecs = [24 * HOUR - 1, 24 * HOUR, 24 * HOUR + 1];
  const seen = ageSecs.map((age) => {
    const nowSecs = 100_000 + age;
    return collectSignals([assertion()], scope({ nowSecs })).policy?.status;
  });
  t.strictSame(seen, ['allow', 'allow', 'unknown']);
});

t.test('a lapsed assertion says what was asserted and why it does not count', async (t) => {
  const nowSecs = 100_000 + 25 * HOUR;
  const late = scope({ nowSecs });
  const signals = collectSignals(
    [
      assertion(),
      assertion({ gate: 'ci', status: 'success' }),
      assertion({ gate: 'review', status: 'approved' }),
    ],
    late,
  );
  t.strictSame(
    [signals.policy?.status, signals.ci?.status, signals.review?.status],
    ['unknown', 'missing', 'missing'],
  );
  t.strictSame(signals.ci?.details, ['asserted_success', 'assertion_too_old']);
});

t.test('an assertion does not grow too old within its own invocation, however long that lasts', async (t) => {
  const signals = collectSignals(
    [assertion()],
    scope({ nowSecs: 100_000 + 72 * HOUR, maxAgeMs: 0, given: { policy: 'allow' } }),
  );
  t.equal(signals.policy?.status, 'allow');
});

t.test('with --gate-max-age 0 nothing of an earlier second is carried over', async (t) => {
  t.equal(collectSignals([assertion()], scope({ maxAgeMs: 0 })).policy?.status, 'unknown');
});

t.test('an assertion from the future is missing, a little clock skew is borne', async (t) => {
  const at = (ahead: number) =>
    collectSignals([assertion({ asserted_at_unix_secs: 100_000 + ahead })], scope({ nowSecs: 100_000 }));
  t.equal(at(300).policy?.status, 'allow');
  t.equal(at(301).policy?.status, 'unknown');
  t.strictSame(at(301).policy?.details, ['asserted_allow', 'assertion_from_the_future']);
});

t.test('an assertion that a closure decided with belongs to that content tree', async (t) => {
  const bound = [assertion({ decided_tree: 'aa' })];
  const on = (tree: string | null) => collectSignals(bound, scope({ tree })).policy;
  t.equal(on('aa')?.status, 'allow');
  t.equal(on('bb')?.status, 'unknown');
  t.strictSame(on('bb')?.details, ['asserted_allow', 'asserted_for_another_content_tree']);
  t.equal(on(null)?.status, 'allow', 'at admission no tree is judged yet');
});

t.test('a closure binds what was free and leaves what was bound', async (t) => {
  const free = assertion();
  const bound = assertion({ gate: 'ci', status: 'success', decided_tree: 'aa' });
  t.strictSame(bindToTree([free, bound], 'bb'), [{ ...free, decided_tree: 'bb' }, bound]);
});

t.test('a verified run keeps its recorded decisions where nothing new is asserted', async (t) => {
  const closed = decideGates({
    policy: { ...signal('allow') },
    ci: { ...signal('success') },
    review: { ...signal('approved') },
  });
  const kept = signalsOfClosed(closed, {}, new Set());
  t.strictSame(decideGates(kept), closed);
  const fresh = signalsOfClosed(
    closed,
    { review: signal('changes_requested') },
    new Set(['review'] as const),
  );
  t.strictSame(
    decideGates(fresh).map((one) => one.passed),
    [true, true, false],
  );
});

t.test(
  'a verified run whose new assertion has no signal is not closed by the recorded decision',
  async (t) => {
    const closed = decideGates({
      policy: signal('allow'),
      ci: signal('success'),
      review: signal('approved'),
    });
    t.equal(decideGates(signalsOfClosed(closed, {}, new Set(['ci'] as const)))[1]?.passed, false);
  },
);

function signal(status: string) {
  return {
    status,
    source: 'operator',
    asserted_at_unix_secs: 5,
    carried_over: false,
    details: [],
    documents: [],
  };
}
