import t from 'tap';
import { combineSources } from '../../../src/core/gates/combine-sources.ts';
import {
  allPassed,
  decideGates,
  evaluateGate,
  type GateSignal,
} from '../../../src/core/gates/decide-gates.ts';
import { GATE_ORDER, GATE_STATUSES, type GateName, PASS_STATUS } from '../../../src/core/gates/gate.ts';
import { blocking, type GateDocument, noted } from '../../../src/core/gates/gate-document.ts';
import type { GateSource } from '../../../src/core/gates/gate-plan.ts';

const OPERATOR: GateSource = { kind: 'operator', text: 'operator' };
const command = (bin: string): GateSource => ({ kind: 'command', text: `command:${bin}`, bin });

function asserted(status: string): GateSignal {
  return {
    status,
    source: 'operator',
    asserted_at_unix_secs: 5,
    carried_over: false,
    details: [],
    documents: [],
  };
}

function document(gate: GateName, source: string, more: Partial<GateDocument> = {}): GateDocument {
  return {
    gate,
    status: PASS_STATUS[gate],
    passed: true,
    source,
    details: [],
    not_evaluated: [],
    subject: { head_sha: null, base_sha: null, tree_digest: null, run_id: 'r' },
    evaluated_at_unix_secs: 5,
    inputs_digest: null,
    ...more,
  };
}

const NOTHING = { requireExternal: false, operator: undefined, documents: [] };

t.test("the operator's word alone decides where no other source is given", (t) => {
  for (const gate of GATE_ORDER) {
    for (const status of GATE_STATUSES[gate]) {
      const signal = combineSources(gate, { ...NOTHING, sources: [OPERATOR], operator: asserted(status) });
      t.equal(evaluateGate(gate, signal).passed, status === PASS_STATUS[gate], `${gate} ${status}`);
      t.equal(evaluateGate(gate, signal).source, 'operator');
    }
    t.equal(combineSources(gate, { ...NOTHING, sources: [OPERATOR] }), undefined);
  }
  t.end();
});

t.test('all sources of a gate must pass: one that does not, or was not read, closes it', (t) => {
  const sources = [command('a'), command('b')];
  const a = document('ci', 'command:a');
  const rows: readonly (readonly [name: string, documents: readonly GateDocument[], passes: boolean])[] = [
    ['both pass', [a, document('ci', 'command:b')], true],
    ['one is not there', [a], false],
    ['none is there', [], false],
    ['one fails', [a, document('ci', 'command:b', { status: 'failure', passed: false })], false],
    ['one says the pass word without passing', [a, document('ci', 'command:b', { passed: false })], false],
    ['one passes with another word', [a, document('ci', 'command:b', { status: 'ok' })], false],
    ['one is of another gate', [a, document('review', 'command:b')], false],
    [
      'one has a detail that blocks',
      [a, document('ci', 'command:b', { details: [blocking('flaky', null, 'x')] })],
      false,
    ],
    [
      'one has a detail that is only noted',
      [a, document('ci', 'command:b', { details: [noted('flaky', null, 'x')] })],
      true,
    ],
    ['one twice instead of two', [a, a], false],
  ];
  for (const [name, documents, passes] of rows) {
    const signal = combineSources('ci', { ...NOTHING, sources, documents });
    t.equal(evaluateGate('ci', signal).passed, passes, name);
  }
  t.end();
});

t.test('an operator among the sources must have said so as well', (t) => {
  const sources = [command('a'), OPERATOR];
  const documents = [document('ci', 'command:a')];
  const passes = (operator: GateSignal | undefined) =>
    evaluateGate('ci', combineSources('ci', { ...NOTHING, sources, documents, operator })).passed;
  t.equal(passes(asserted('success')), true);
  t.equal(passes(asserted('failure')), false);
  t.equal(passes(undefined), false);
  t.end();
});

t.test("an operator's word does not count where other sources stand in its place", (t) => {
  const signal = combineSources('ci', { ...NOTHING, sources: [command('a')], operator: asserted('success') });
  t.match(evaluateGate('ci', signal), {
    passed: false,
    status: 'missing',
    details: ['source_not_read: command:a'],
  });
  t.end();
});

t.test("an operator's word alone opens no gate that an external source is required for", (t) => {
  const asked = { ...NOTHING, requireExternal: true, operator: asserted('success') };
  const signal = combineSources('ci', { ...asked, sources: [OPERATOR] });
  t.match(evaluateGate('ci', signal), { passed: false, details: ['external_source_required'] });
  t.end();
});

t.test('built-in rules that block close a gate that every source opens', (t) => {
  const rules = document('policy', 'scope', {
    status: 'deny',
    passed: false,
    details: [blocking('path_protected', '.env', 'x')],
  });
  const signal = combineSources('policy', {
    ...NOTHING,
    sources: [OPERATOR],
    operator: asserted('allow'),
    documents: [rules],
  });
  t.match(evaluateGate('policy', signal), {
    passed: false,
    status: 'deny',
    source: 'scope + operator',
    details: ['path_protected: .env'],
  });
  t.end();
});

t.test('a decision whose documents do not pass is no pass, whatever it says of itself', (t) => {
  const signals = Object.fromEntries(GATE_ORDER.map((gate) => [gate, asserted(PASS_STATUS[gate])]));
  const decisions = decideGates(signals);
  t.equal(allPassed(decisions), true);
  const forged = decisions.map((one) =>
    one.gate === 'ci' ? { ...one, documents: [document('ci', 'x', { passed: false })] } : one,
  );
  t.equal(allPassed(forged), false);
  t.end();
});
