import t, { type Test } from 'tap';
import type { GateDocument } from '../../src/core/gates/gate-document.ts';
import { readConftestGate } from '../../src/gates/rego/conftest-gate.ts';
import { namedForbidden } from '../../src/gates/rego/forbidden-builtins.ts';
import { ask, change, diffOf, inputOf, verdictOf } from './sample-policy.ts';
import { standIn } from './stand-in-tool.ts';

const INPUT = inputOf(diffOf([change('src/a.ts')]));
const POLICY = { 'deny.rego': 'package orchestrator\n', 'README.md': 'x' };

/** One entry of conftest's output. */
function entry(more: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { filename: 'input.json', namespace: 'orchestrator', successes: 0, ...more };
}

async function printed(t: Test, output: string, code = 0, minRules = 1): Promise<GateDocument> {
  const tool = standIn(t.testdir(), POLICY);
  tool.says('test', output, code);
  return (await readConftestGate(ask('conftest', INPUT, minRules), tool.ports)).document;
}

t.test('conftest is started as the specification says, with nothing around it', async (t) => {
  const tool = standIn(t.testdir(), POLICY);
  tool.says('test', JSON.stringify([entry({ successes: 2 })]));
  const { document } = await readConftestGate(ask('conftest', INPUT), tool.ports);
  t.match(document, { passed: true, status: 'allow' });
  const seen = tool.file('seen.test');
  t.match(seen, /^args test -o json --namespace orchestrator -p policy input\.json$/m);
  t.ok(
    tool.calls.every(({ env }) => env !== null && Object.keys(env).length === 0),
    'no CONFTEST_ variable, nor any other',
  );
  t.match(seen, './policy/deny.rego');
  t.notMatch(seen, /README|conftest\.toml/);
  t.strictSame(JSON.parse(tool.file('given')), INPUT);
});

t.test('the verdict is the sum over all entries, and zero evaluated rules block', async (t) => {
  const msg = [{ msg: 'no', metadata: { a: 1 } }];
  const rows: [string, unknown, number, string][] = [
    ['successes', [entry({ successes: 1 })], 0, 'passes'],
    ['successes in the second entry', [entry({}), entry({ successes: 1 })], 0, 'passes'],
    ['lists that are null', [entry({ successes: 1, failures: null, warnings: null })], 0, 'passes'],
    ['a failure', [entry({ successes: 9, failures: msg })], 1, 'policy_denied'],
    [
      'a failure in the second entry',
      [entry({ successes: 9 }), entry({ failures: msg })],
      1,
      'policy_denied',
    ],
    ['a failure and exit code 0', [entry({ successes: 9, failures: msg })], 0, 'policy_denied'],
    ['exit code 1 and no failure', [entry({ successes: 9 })], 1, 'policy_error,policy_denied'],
    ['exit code 2', [entry({ successes: 9 })], 2, 'policy_error'],
    ['no entry: the namespace is absent', [], 0, 'policy_no_rules'],
    ['null', null, 0, 'policy_malformed'],
    ['an entry without any result', [entry({})], 0, 'policy_no_rules'],
    ['another namespace', [entry({ successes: 1, namespace: 'main' })], 0, 'policy_malformed'],
    [
      'another namespace beside ours',
      [entry({ successes: 1 }), entry({ namespace: 'main' })],
      0,
      'policy_malformed',
    ],
    ['another file', [entry({ successes: 1, filename: 'x' })], 0, 'policy_malformed'],
    ['a word for a number', [entry({ successes: '1' })], 0, 'policy_malformed'],
    ['less than nothing', [entry({ successes: -1 })], 0, 'policy_malformed'],
    ['a failure without a message', [entry({ successes: 1, failures: [{}] })], 0, 'policy_malformed'],
    ['a failure that is no object', [entry({ successes: 1, failures: ['x'] })], 0, 'policy_malformed'],
    ['failures as a number', [entry({ successes: 1, failures: 0 })], 0, 'policy_malformed'],
    ['a key that nobody knows', [entry({ successes: 1, errors: [] })], 0, 'policy_malformed'],
    ['an object', { successes: 1 }, 0, 'policy_malformed'],
  ];
  for (const [name, output, code, codes] of rows) {
    t.equal(verdictOf(await printed(t, JSON.stringify(output), code)).join(), codes, name);
  }
});

t.test('output that is no JSON blocks', async (t) => {
  for (const output of ['', 'PASS', '1 test, 1 passed', '[{"successes":1}', '[]\n[]']) {
    t.strictSame(verdictOf(await printed(t, output)), ['policy_malformed'], output);
  }
  t.strictSame(verdictOf(await printed(t, 'Error: load: rego_parse_error', 1)), ['policy_error']);
});

t.test('exceptions, warnings and what was skipped are recorded, not passed silently', async (t) => {
  const entries = [
    entry({
      successes: 1,
      exceptions: [{ msg: 'data.orchestrator.exception[_]' }],
      warnings: [{ msg: 'old' }],
      skipped: [{ msg: 'later' }],
    }),
  ];
  const document = await printed(t, JSON.stringify(entries));
  t.equal(document.passed, true);
  const told = document.details.map(({ code, message, blocks }) => [code, message, blocks]);
  t.strictSame(told.slice(0, 2), [
    ['policy_warning', 'old', false],
    ['policy_exception', 'data.orchestrator.exception[_]', false],
  ]);
  t.strictSame(document.not_evaluated, ['skipped: later']);
  t.strictSame(verdictOf(await printed(t, JSON.stringify(entries), 0, 4)), ['policy_too_few_rules']);
});

t.test('a policy that names the network, the clock, chance or its surroundings is not run', async (t) => {
  const rows: [string, string | null][] = [
    ['x := http.send({})', 'http.send'],
    ['x := http . send({})', 'http.send'],
    ['x := net.lookup_ip_addr("a")', 'net.'],
    ['opa.runtime().env', 'opa.runtime'],
    ['time.now_ns()', 'time.now_ns'],
    ['input.planet.name', null],
    ['data.net_rules', null],
    ['time.now_nsx', null],
  ];
  for (const [text, name] of rows) t.equal(namedForbidden(text), name, text);
  const tool = standIn(t.testdir(), { 'a.rego': 'x := http.send({})' });
  tool.says('test', JSON.stringify([entry({ successes: 1 })]));
  const { document } = await readConftestGate(ask('conftest', INPUT), tool.ports);
  t.strictSame(verdictOf(document), ['policy_forbidden_builtin']);
  t.throws(() => tool.file('seen.test'));
});
