import { readdirSync, rmSync } from 'node:fs';
import t, { type Test } from 'tap';
import type { GateDocument } from '../../src/core/gates/gate-document.ts';
import { fail } from '../../src/core/result.ts';
import { readOpaGate } from '../../src/gates/rego/opa-gate.ts';
import type { RegoPorts } from '../../src/gates/rego/rego-gate.ts';
import type { ToolEnd } from '../../src/gates/run-tool.ts';
import { ask, change, diffOf, inputOf, verdictOf } from './sample-policy.ts';
import { standIn } from './stand-in-tool.ts';

const INPUT = inputOf(diffOf([change('src/a.ts')]));
const POLICY = { 'gate.rego': 'package orchestrator\n', 'README.md': 'x', 'data.json': '{}' };
const CAPABILITIES = JSON.stringify({
  builtins: [
    { name: 'plus', decl: {} },
    { name: 'http.send', nondeterministic: true },
    { name: 'net.cidr_contains' },
    { name: 'time.now_ns' },
    { name: 'new.chance', nondeterministic: true },
  ],
  features: ['rego_v1'],
  allow_net: ['example.org'],
});
const ALLOW = { allow: true, deny: [], policy_version: '1', rules_evaluated: 3 };

function value(decision: unknown): string {
  return JSON.stringify({
    result: [
      { expressions: [{ value: decision, text: 'data.orchestrator.gate', location: { row: 1, col: 1 } }] },
    ],
  });
}

/** The gate's document when opa prints this. */
async function printed(t: Test, output: string, code = 0, minRules = 1): Promise<GateDocument> {
  const tool = standIn(t.testdir(), POLICY);
  tool.says('capabilities', CAPABILITIES);
  tool.says('eval', output, code);
  return (await readOpaGate(ask('opa', INPUT, minRules), tool.ports)).document;
}

t.test('opa is started as the specification says, with nothing around it', async (t) => {
  const folder = t.testdir();
  const tool = standIn(folder, { ...POLICY, 'policy.json': '{"version":"1","min_rules":1}' });
  tool.says('capabilities', CAPABILITIES);
  tool.says('eval', value(ALLOW));
  const { document } = await readOpaGate(ask('opa', INPUT), tool.ports);
  t.match(document, { passed: true, status: 'allow' });
  const seen = tool.file('seen.eval');
  t.match(
    seen,
    /^args eval -f json -d policy -I --strict-builtin-errors --timeout 10s --capabilities \S+ data\.orchestrator\.gate$/m,
  );
  t.ok(
    tool.calls.every(({ env }) => env !== null && Object.keys(env).length === 0),
    'an empty environment',
  );
  t.match(seen, './policy/gate.rego');
  t.match(seen, './policy/data.json');
  t.notMatch(seen, /README|policy\/policy\.json/);
  t.strictSame(JSON.parse(tool.file('stdin')), INPUT);
  const { builtins, allow_net, features } = JSON.parse(tool.file('given'));
  t.strictSame(builtins, [{ name: 'plus', decl: {} }], 'no network, no clock, no chance');
  t.strictSame([allow_net, features], [[], ['rego_v1']]);
  t.strictSame(readdirSync(tool.ports.scratch), [], 'nothing is left behind');
});

t.test('only a decision that allows, denies nothing and has enough rules passes', async (t) => {
  const denied = { ...ALLOW, allow: false, deny: [{ code: 'x', msg: 'y' }] };
  const rows: [string, string, string][] = [
    ['a decision that allows', value(ALLOW), 'passes'],
    ['a denial', value(denied), 'policy_denied'],
    ['allowed, and denied', value({ ...denied, allow: true }), 'policy_denied'],
    ['not allowed, for no reason', value({ ...ALLOW, allow: false }), 'policy_denied'],
    ['no rules', value({ ...ALLOW, rules_evaluated: 0 }), 'policy_no_rules'],
    ['undefined: no result', '{}', 'policy_undefined'],
    ['undefined: an empty result', '{"result":[]}', 'policy_undefined'],
    ['false', value(false), 'policy_malformed'],
    ['true', value(true), 'policy_malformed'],
    ['null', value(null), 'policy_malformed'],
    ['allow as a text', value({ ...ALLOW, allow: 'true' }), 'policy_malformed'],
    ['allow as a number', value({ ...ALLOW, allow: 1 }), 'policy_malformed'],
    ['no allow', value({ ...ALLOW, allow: undefined }), 'policy_malformed'],
    ['no deny', value({ ...ALLOW, deny: undefined }), 'policy_malformed'],
    ['deny as a text', value({ ...ALLOW, deny: 'x' }), 'policy_malformed'],
    ['deny as a set of texts', value({ ...ALLOW, deny: ['x'] }), 'policy_malformed'],
    ['no version', value({ ...ALLOW, policy_version: undefined }), 'policy_malformed'],
    ['no count of rules', value({ ...ALLOW, rules_evaluated: undefined }), 'policy_malformed'],
    ['half a rule', value({ ...ALLOW, rules_evaluated: 1.5 }), 'policy_malformed'],
    ['a key that nobody knows', value({ ...ALLOW, denied: ['x'] }), 'policy_malformed'],
    ['errors', '{"errors":[{"message":"eval_conflict_error"}]}', 'policy_error'],
    ['errors beside a decision', `{"errors":[],${value(ALLOW).slice(1)}`, 'policy_error'],
    ['a key of another kind of output', `{"partial":{},${value(ALLOW).slice(1)}`, 'policy_malformed'],
    ['two results', value(ALLOW).replace(/\[(\{"expressions.*\})\]\}$/, '[$1,$1]}'), 'policy_malformed'],
    ['no expression', '{"result":[{"expressions":[]}]}', 'policy_malformed'],
    [
      'the same key twice',
      value(ALLOW).replace('"allow":true', '"allow":false,"allow":true'),
      'policy_malformed',
    ],
    ['text', 'true', 'policy_malformed'],
    ['nothing', '', 'policy_malformed'],
    ['half of it', value(ALLOW).slice(0, -5), 'policy_malformed'],
    ['two documents', `${value(ALLOW)}\n${value(ALLOW)}`, 'policy_malformed'],
  ];
  for (const [name, output, codes] of rows) {
    t.equal(verdictOf(await printed(t, output)).join(), codes, name);
  }
});

t.test("opa's exit code can close the gate and never opens it", async (t) => {
  t.strictSame(verdictOf(await printed(t, value(ALLOW), 1)), ['policy_error']);
  t.strictSame(verdictOf(await printed(t, value(ALLOW), 2)), ['policy_error']);
  const failed = await printed(t, '{"errors":[{"message":"rego_parse_error"}]}', 2);
  t.match(failed.details[0]?.message, /rego_parse_error/);
  t.strictSame(verdictOf(await printed(t, '{}', 0)), ['policy_undefined']);
});

t.test('fewer rules than are demanded block, and another version than the policy has', async (t) => {
  t.strictSame(verdictOf(await printed(t, value(ALLOW), 0, 4)), ['policy_too_few_rules']);
  const tool = standIn(t.testdir(), { ...POLICY, 'policy.json': '{"version":"2","min_rules":1}' });
  tool.says('capabilities', CAPABILITIES);
  tool.says('eval', value(ALLOW));
  t.strictSame(verdictOf((await readOpaGate(ask('opa', INPUT), tool.ports)).document), ['policy_malformed']);
});

t.test(
  'capabilities that are none, or a tool that is not the pinned one, block before anything is judged',
  async (t) => {
    const tool = standIn(t.testdir(), POLICY);
    tool.says('eval', value(ALLOW));
    for (const [output, code, wanted] of [
      ['{}', 0, 'policy_malformed'],
      ['{"builtins":[]}', 0, 'policy_malformed'],
      ['', 1, 'policy_error'],
    ] as const) {
      tool.says('capabilities', output, code);
      t.equal(verdictOf((await readOpaGate(ask('opa', INPUT), tool.ports)).document).join(), wanted);
    }
    tool.says('capabilities', CAPABILITIES);
    const asked = ask('opa', INPUT);
    const pinned = (sha256: string) => ({ ...asked, rules: { ...asked.rules, opa: { bin: 'opa', sha256 } } });
    const other = await readOpaGate(pinned('0'.repeat(64)), tool.ports);
    t.strictSame(verdictOf(other.document), ['policy_tool_differs']);
    const right = await readOpaGate(pinned(tool.sha256), tool.ports);
    t.strictSame(verdictOf(right.document), ['passes']);
    t.match(right.document.details, [
      { code: 'policy_tool', message: `SHA-256 ${tool.sha256}`, blocks: false },
    ]);
  },
);

t.test('every way in which a tool can end without an output blocks', async (t) => {
  const tool = standIn(t.testdir(), POLICY);
  const ends: [ToolEnd['kind'], string][] = [
    ['timed-out', 'policy_timeout'],
    ['signalled', 'policy_error'],
    ['spawn-failed', 'policy_tool_missing'],
    ['too-much', 'policy_malformed'],
  ];
  for (const [kind, code] of ends) {
    const said = Buffer.from(value(ALLOW));
    const runTool: RegoPorts['runTool'] = async () => ({ kind, code: null, stdout: said, stderr: said });
    const { document } = await readOpaGate(ask('opa', INPUT), { ...tool.ports, runTool });
    t.strictSame(verdictOf(document), [code], kind);
  }
  const identifyTool = () => fail('there is no opa on PATH');
  const { document } = await readOpaGate(ask('opa', INPUT), { ...tool.ports, identifyTool });
  t.strictSame(verdictOf(document), ['policy_tool_missing']);
});

t.test('a folder without Rego blocks', async (t) => {
  const tool = standIn(t.testdir(), { 'README.md': 'x' });
  t.strictSame(verdictOf((await readOpaGate(ask('opa', INPUT), tool.ports)).document), ['policy_no_rules']);
});

t.test('a folder that cannot be written, or that the tool has removed, blocks', async (t) => {
  const tool = standIn(t.testdir(), POLICY);
  tool.says('capabilities', CAPABILITIES);
  tool.says('eval', value(ALLOW));
  const removing: RegoPorts['runTool'] = async (call) => {
    const end = await tool.ports.runTool(call);
    if (call.cwd !== null) rmSync(call.cwd, { recursive: true });
    return end;
  };
  for (const broken of [{ scratch: '/nowhere' }, { runTool: removing }]) {
    const { document } = await readOpaGate(ask('opa', INPUT), { ...tool.ports, ...broken });
    t.equal(document.passed, false);
    t.match(document.details, [{ code: 'policy_error', message: /ENOENT/, blocks: true }]);
  }
});
