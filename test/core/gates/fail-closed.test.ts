import t from 'tap';
import { EXIT, exitCodeOfFailure, exitCodeOfRun } from '../../../src/core/exit-code.ts';
import { FAILURE_REASONS, failure } from '../../../src/core/failure.ts';
import {
  bindToTree,
  collectSignals,
  mergeAssertions,
  signalsOfClosed,
} from '../../../src/core/gates/collect-signals.ts';
import {
  allPassed,
  blockingCodes,
  decideGates,
  type GateSignals,
} from '../../../src/core/gates/decide-gates.ts';
import type { GateName } from '../../../src/core/gates/gate.ts';
import { TERMINAL_STATES } from '../../../src/core/records.ts';
import { everyAssertion, NOW } from '../../fixtures/fail-closed/assertions.ts';
import { OPENS } from '../../fixtures/fail-closed/chronicle.ts';
import {
  areOpen,
  combinations,
  fewWordsOf,
  GATES,
  signalsOf,
  together,
  wordsOf,
} from '../../fixtures/fail-closed/gate-words.ts';

t.test('of all that three gates can say only three explicit passes are let through', async (t) => {
  const wrong: unknown[] = [];
  let tried = 0;
  const open: GateSignals[] = [];
  for (const signals of combinations((gate) => signalsOf(wordsOf(gate)))) {
    tried += 1;
    const decisions = decideGates(signals);
    const isOpen = areOpen(signals);
    if (isOpen) open.push(signals);
    const closedGates = GATES.filter((gate) => signals[gate]?.status !== OPENS[gate]);
    const isRight =
      allPassed(decisions) === isOpen &&
      decisions.map((one) => one.gate).join() === GATES.join() &&
      blockingCodes(decisions).length === closedGates.length &&
      decisions.every(
        (one) => one.passed === !closedGates.includes(one.gate) && (one.reason_code === null) === one.passed,
      );
    if (!isRight) wrong.push({ signals, decisions });
  }
  t.equal(open.length, 27, 'one word each, in the three circumstances in which it can be said');
  t.strictSame(wrong.slice(0, 3), []);
  t.comment(`${tried} combinations`);
});

t.test('an assertion opens its gate with the right word, in time, and for this content only', async (t) => {
  const wrong: unknown[] = [];
  let tried = 0;
  for (const gate of GATES) {
    for (const { assertion, scope, passes } of everyAssertion(gate)) {
      tried += 1;
      const decisions = decideGates(collectSignals([assertion], scope));
      const opened = decisions.filter((one) => one.passed).map((one) => one.gate);
      if (opened.join() !== (passes ? gate : '')) wrong.push({ assertion, scope, opened });
      if (allPassed(decisions)) wrong.push({ assertion });
    }
  }
  t.strictSame(wrong.slice(0, 3), []);
  t.comment(`${tried} assertions`);
});

t.test('together they open the run where each of them opens its gate, and nowhere else', async (t) => {
  const wrong: unknown[] = [];
  let tried = 0;
  let opened = 0;
  const some = (gate: GateName) =>
    everyAssertion(gate).filter(
      ({ assertion, scope }) =>
        ['allow', 'success', 'deny', 'missing'].includes(assertion.status) || scope.tree === null,
    );
  const [policies, cis, reviews] = [some('policy'), some('ci'), some('review')];
  for (const [index, policy] of policies.entries()) {
    for (const ci of cis.filter((one) => one.scope.tree === policy.scope.tree)) {
      // Every review would be millions: each pair of the others meets one in 29, all in turn.
      for (const review of reviews.filter(
        (one, at) => at % 29 === index % 29 && one.scope.tree === policy.scope.tree,
      )) {
        tried += 1;
        const given = { ...policy.scope.given, ...ci.scope.given, ...review.scope.given };
        const scope = { ...policy.scope, given };
        const passes = policy.passes && ci.passes && review.passes;
        const decisions = decideGates(
          collectSignals([policy.assertion, ci.assertion, review.assertion], scope),
        );
        if (passes) opened += 1;
        if (allPassed(decisions) !== passes) wrong.push({ policy, ci, review });
      }
    }
  }
  t.ok(opened > 0);
  t.strictSame(wrong.slice(0, 3), []);
  t.comment(`${tried} combinations, ${opened} of them open`);
});

t.test(
  'what an invocation says wins, what it does not say is kept, and a bound word stays bound',
  async (t) => {
    const wrong: unknown[] = [];
    let tried = 0;
    for (const gate of GATES) {
      for (const { assertion, scope } of everyAssertion(gate)) {
        tried += 1;
        const merged = mergeAssertions([assertion], scope.given, NOW);
        const said = { ...assertion, asserted_at_unix_secs: NOW, decided_tree: null };
        if (
          merged.length !== 1 ||
          JSON.stringify(merged[0]) !== JSON.stringify(scope.given[gate] === undefined ? assertion : said)
        ) {
          wrong.push({ assertion, merged });
        }
        const [bound] = bindToTree(merged, 'c');
        if (bound?.decided_tree !== (merged[0]?.decided_tree ?? 'c')) wrong.push({ merged, bound });
      }
    }
    t.strictSame(wrong.slice(0, 3), []);
    t.comment(`${tried} assertions`);
  },
);

t.test('a run that was closed is decided by its record, but for gates that are spoken of now', async (t) => {
  const closed = decideGates(together({ policy: open('policy'), ci: open('ci'), review: open('review') }));
  const wrong: unknown[] = [];
  let tried = 0;
  for (const fresh of combinations((gate) => signalsOf(fewWordsOf(gate), 1))) {
    for (let bits = 0; bits < 8; bits += 1) {
      tried += 1;
      const spoken = GATES.filter((_gate, index) => (bits >> index) & 1);
      const decisions = decideGates(signalsOfClosed(closed, fresh, new Set(spoken)));
      const passes = spoken.every((gate) => fresh[gate]?.status === OPENS[gate]);
      if (allPassed(decisions) !== passes) wrong.push({ fresh, spoken, decisions });
    }
  }
  t.strictSame(wrong.slice(0, 3), []);
  t.comment(`${tried} combinations`);
});

function open(gate: GateName) {
  return signalsOf([OPENS[gate]], 1)[0];
}

t.test('no end of a run but done without a failure has exit code 0', async (t) => {
  const failures = FAILURE_REASONS.flatMap((reason) =>
    ([null, 'SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => failure(reason, '', { signal })),
  );
  const zero = [null, ...TERMINAL_STATES].flatMap((terminal) =>
    [null, ...failures].flatMap((why) =>
      exitCodeOfRun(terminal, why) === 0 ? [`${terminal} ${why?.reason}`] : [],
    ),
  );
  t.strictSame(zero, ['done undefined']);
  t.strictSame(
    failures.filter((one) => exitCodeOfFailure(one) === 0),
    [],
  );
  t.strictSame(Object.values(EXIT).filter((code) => code === 0).length, 1);
});
