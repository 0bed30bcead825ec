import t from 'tap';
import {
  allPassed,
  blockingCodes,
  decideGates,
  evaluateGate,
  type GateSignal,
  type GateSignals,
} from '../../../src/core/gates/decide-gates.ts';
import { GATE_ORDER, GATE_STATUSES, type GateName, PASS_STATUS } from '../../../src/core/gates/gate.ts';
import { undecidedGates } from '../../../src/core/gates/undecided.ts';
import type { GateDecision } from '../../../src/core/records.ts';

const CODES = {
  policy: 'GATE_POLICY_DENIED_OR_UNKNOWN',
  ci: 'GATE_CI_NOT_SUCCESS',
  review: 'GATE_REVIEW_NOT_APPROVED',
} as const;

function signal(status: string): GateSignal {
  return {
    status,
    source: 'operator',
    asserted_at_unix_secs: 1000,
    carried_over: false,
    details: [],
    documents: [],
  };
}

function combinations(): readonly GateSignals[] {
  return GATE_STATUSES.policy.flatMap((policy) =>
    GATE_STATUSES.ci.flatMap((ci) =>
      GATE_STATUSES.review.map((review) => ({
        policy: signal(policy),
        ci: signal(ci),
        review: signal(review),
      })),
    ),
  );
}

function statusesOf(signals: GateSignals): readonly (string | undefined)[] {
  return GATE_ORDER.map((gate) => signals[gate]?.status);
}

t.test('of the 36 combinations exactly one lets a run close', async (t) => {
  const all = combinations();
  const closing = all.filter((signals) => allPassed(decideGates(signals))).map(statusesOf);
  t.equal(all.length, 36);
  t.strictSame(closing, [['allow', 'success', 'approved']]);
});

t.test(
  'every combination records all three gates in order, each with its own verdict and code',
  async (t) => {
    for (const signals of combinations()) {
      const decisions = decideGates(signals);
      const expected = GATE_ORDER.map((gate) => {
        const passed = signals[gate]?.status === PASS_STATUS[gate];
        return { gate, status: signals[gate]?.status, passed, reason_code: passed ? null : CODES[gate] };
      });
      const seen = decisions.map(({ gate, status, passed, reason_code }) => ({
        gate,
        status,
        passed,
        reason_code,
      }));
      t.strictSame(seen, expected, statusesOf(signals).join(' '));
      const blocking = expected.flatMap((one) => (one.reason_code === null ? [] : [one.reason_code]));
      t.strictSame(blockingCodes(decisions), blocking);
      t.equal(allPassed(decisions), blocking.length === 0);
    }
  },
);

t.test('a gate that nobody spoke about is absent, and absent never passes', async (t) => {
  t.strictSame(
    decideGates({}).map(({ gate, status, passed, source, reason_code }) => [
      gate,
      status,
      passed,
      source,
      reason_code,
    ]),
    [
      ['policy', 'unknown', false, 'none', CODES.policy],
      ['ci', 'missing', false, 'none', CODES.ci],
      ['review', 'missing', false, 'none', CODES.review],
    ],
  );
  t.equal(allPassed(decideGates({})), false);
});

t.test('only the exact pass word opens a gate', async (t) => {
  for (const gate of GATE_ORDER) {
    const word = PASS_STATUS[gate];
    const near = [
      word.toUpperCase(),
      `${word[0]?.toUpperCase()}${word.slice(1)}`,
      ` ${word}`,
      `${word} `,
      `${word}\n`,
      `${word}\0`,
      `\ufeff${word}`,
      `${word}\u200b`,
      word.slice(0, -1),
      `${word}ed`,
      word.normalize('NFKC').replace('a', '\u0430').replace('s', '\u0455'),
      '',
      'true',
      'pass',
      'ok',
      '1',
      'undefined',
      '__proto__',
      'constructor',
      'toString',
      ...GATE_ORDER.filter((other) => other !== gate).map((other) => PASS_STATUS[other]),
    ];
    for (const status of near) {
      const decision = evaluateGate(gate, signal(status));
      t.strictSame(
        { passed: decision.passed, code: decision.reason_code, status: decision.status },
        { passed: false, code: CODES[gate], status },
        `${gate}: ${JSON.stringify(status)}`,
      );
    }
    t.equal(evaluateGate(gate, signal(word)).passed, true, `${gate}: the word itself`);
  }
});

t.test('a signal of the wrong type never passes', async (t) => {
  const wrong: readonly unknown[] = [
    true,
    1,
    null,
    ['allow'],
    { toString: () => 'allow' },
    new String('allow'),
  ];
  for (const status of wrong) {
    // The boundary: what a document could hold if its schema let it through.
    const forged = { ...signal(''), status } as GateSignal;
    t.equal(evaluateGate('policy', forged).passed, false, String(status));
  }
});

t.test('the decision says who asserted it, when, and whether it was carried over', async (t) => {
  const decision = evaluateGate('ci', {
    status: 'success',
    source: 'operator',
    asserted_at_unix_secs: 1234,
    carried_over: true,
    details: ['a detail'],
    documents: [],
  });
  t.strictSame(decision, {
    gate: 'ci',
    status: 'success',
    passed: true,
    reason_code: null,
    source: 'operator',
    asserted_at_unix_secs: 1234,
    carried_over: true,
    details: ['a detail'],
    documents: [],
  });
});

t.test('a list of decisions that is not exactly the three passes does not close', async (t) => {
  const good = decideGates({
    policy: signal('allow'),
    ci: signal('success'),
    review: signal('approved'),
  });
  const at = (index: number): GateDecision => {
    const decision = good[index];
    if (decision === undefined) throw new Error(`no decision ${index}`);
    return decision;
  };
  const [policy, ci, review] = [at(0), at(1), at(2)];
  const changed = (decision: GateDecision, more: Partial<GateDecision>) => ({ ...decision, ...more });
  const lists: Readonly<Record<string, readonly GateDecision[]>> = {
    empty: [],
    'one missing': [policy, ci],
    'one doubled': [policy, policy, review],
    'three times the same': [policy, policy, policy],
    'a fourth': [policy, ci, review, review],
    'another order': [ci, policy, review],
    "another gate's name": [changed(policy, { gate: 'ci' }), ci, review],
    'passed with a failing status': [policy, changed(ci, { status: 'failure' }), review],
    'passed with a reason code': [changed(policy, { reason_code: CODES.policy }), ci, review],
    'a pass word that did not pass': [policy, ci, changed(review, { passed: false })],
  };
  t.equal(allPassed(good), true);
  for (const [name, list] of Object.entries(lists)) t.equal(allPassed(list), false, name);
});

t.test('a run that has not reached closure has three decisions, none of them passed', async (t) => {
  const undecided = undecidedGates();
  t.strictSame(
    undecided.map((one) => [one.gate, one.passed, one.reason_code, one.details]),
    GATE_ORDER.map((gate: GateName) => [gate, false, CODES[gate], ['not_decided']]),
  );
  t.equal(allPassed(undecided), false);
  t.strictSame(blockingCodes(undecided), Object.values(CODES));
});
