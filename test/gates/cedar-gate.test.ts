import t from 'tap';
import type { GateReading } from '../../src/core/gates/gate-document.ts';
import { documentPasses } from '../../src/core/gates/gate-document.ts';
import { folderProblem } from '../../src/core/gates/policy-folder.ts';
import { fail } from '../../src/core/result.ts';
import type { PolicyInput } from '../../src/formats/policy-input.ts';
import { readCedarGate } from '../../src/gates/cedar/cedar-gate.ts';
import { ask, cedarPorts, change, diffOf, folderOf, inputOf, verdictOf } from './sample-policy.ts';

const SMALL = inputOf(diffOf([change('src/a.ts')]));
const PERMIT = '@id("all") permit(principal, action, resource);\n';

async function gate(
  files: Readonly<Record<string, string>>,
  input: PolicyInput = SMALL,
  minRules = 1,
): Promise<GateReading> {
  return readCedarGate(ask('cedar', input, minRules), cedarPorts(folderOf(files)));
}

async function verdict(...given: Parameters<typeof gate>): Promise<readonly string[]> {
  const { document } = await gate(...given);
  t.equal(documentPasses(document, 'policy'), document.passed);
  return verdictOf(document);
}

t.test('what every policy permits and none forbids passes, and says by which policy', async (t) => {
  const { document } = await gate({ 'main.cedar': PERMIT });
  t.match(document, { passed: true, status: 'allow', details: [], source: 'cedar:policy' });
  t.match(document.inputs_digest, /^[0-9a-f]{64}$/);
});

t.test('a forbid wins over any permit, with its own code, message and path', async (t) => {
  const forbid =
    '@id("f") @code("no_src") @message("src is closed") forbid(principal, action, resource in Orchestrator::Folder::"src");';
  const { document } = await gate({ 'main.cedar': PERMIT, 'z.cedar': forbid });
  t.equal(document.passed, false);
  t.strictSame(
    document.details.map(({ code, about, message }) => [code, about, message]),
    [['policy_denied', 'no_src', 'change src/a.ts: src is closed']],
  );
});

t.test('what no policy matches is denied', async (t) => {
  const { document } = await gate({
    'main.cedar': 'permit(principal, action == Orchestrator::Action::"close", resource);',
  });
  t.match(document.details, [{ about: 'not_permitted', message: 'no policy permits change src/a.ts' }]);
  t.equal(document.details.length, 1);
});

t.test('both ends of a rename are judged', async () => {
  const rename = inputOf(diffOf([change('src/b.ts', { kind: 'renamed', old_path: 'keys/a.ts' })]));
  const files = {
    'main.cedar': `${PERMIT}@id("k") forbid(principal, action, resource) when { resource has path && resource.path like "keys/*" };`,
  };
  t.strictSame(await verdict(files, rename), ['policy_denied']);
  t.strictSame(await verdict(files), ['passes']);
});

t.test('a policy sees modes, links, line counts, totals, budgets, actor and agents', async (t) => {
  const conditions = [
    'resource has new_mode && resource.new_mode == "symlink"',
    'resource has symlink_target && resource.symlink_target like "/etc/*"',
    'resource has lines_added && resource.lines_added > 2',
    'resource has path && resource.folded == "src/a.ts" && resource.extension == "TS"',
    'context.diff.lines == 4 && context.diff.files == 1 && context.diff.new_files == 0',
    'context.budget.attempts == 1 && context.actor.user == "op" && !context.actor.ci',
    'context.agents has executor && !(context.agents has manager) && !(context has mode)',
    'resource has paths && resource.paths.contains("SRC/a.TS")',
  ];
  const link = change('SRC/a.TS', { new_mode: 'symlink', symlink_target: '/etc/x' });
  for (const condition of conditions) {
    const files = { 'main.cedar': `${PERMIT}forbid(principal, action, resource) when { ${condition} };` };
    t.ok((await verdict(files, inputOf(diffOf([link])))).includes('policy_denied'), condition);
  }
});

t.test('an error in one policy blocks, though the others allow', async (t) => {
  const files = {
    'main.cedar': `${PERMIT}forbid(principal, action, resource) when { context.nothing == 1 };`,
  };
  t.strictSame(await verdict(files), ['policy_error']);
});

t.test('anything in the folder that is not understood blocks', async (t) => {
  const rows: [string, Readonly<Record<string, string>>, string][] = [
    ['no policy at all', { 'README.md': 'x' }, 'policy_denied,policy_denied,policy_no_rules'],
    ['an empty policy file', { 'main.cedar': '' }, 'policy_denied,policy_denied,policy_no_rules'],
    ['half a policy', { 'main.cedar': 'permit(' }, 'policy_malformed'],
    ['half a policy beside a whole one', { 'a.cedar': PERMIT, 'b.cedar': 'permit(' }, 'policy_malformed'],
    ['bytes that are no text', { 'main.cedar': '\ud800' }, 'policy_malformed'],
    [
      'a template',
      { 'main.cedar': 'permit(principal == ?principal, action, resource);' },
      'policy_malformed',
    ],
    ['two policies of one name', { 'a.cedar': PERMIT, 'b.cedar': PERMIT }, 'policy_malformed'],
    ['a schema that is none', { 'a.cedar': PERMIT, 'schema.cedarschema': 'entity' }, 'policy_malformed'],
    ['entities that are no list', { 'a.cedar': PERMIT, 'entities.json': '{}' }, 'policy_malformed'],
    [
      'entities with a key twice',
      { 'a.cedar': PERMIT, 'entities.json': '[{"a":1,"a":2}]' },
      'policy_malformed',
    ],
    ['entities that are none', { 'a.cedar': PERMIT, 'entities.json': '[1]' }, 'policy_error'],
    ['a description of itself that is none', { 'a.cedar': PERMIT, 'policy.json': '{}' }, 'policy_malformed'],
    [
      'fewer rules than it says of itself',
      { 'a.cedar': PERMIT, 'policy.json': '{"version":"1","min_rules":2}' },
      'policy_too_few_rules',
    ],
  ];
  for (const [name, files, codes] of rows) t.equal((await verdict(files)).join(), codes, name);
});

t.test('fewer rules than the operator demands block, whatever the policy says of itself', async (t) => {
  const files = { 'a.cedar': PERMIT, 'policy.json': '{"version":"1","min_rules":1}' };
  t.strictSame(await verdict(files, SMALL, 2), ['policy_too_few_rules']);
  t.strictSame(await verdict(files, SMALL, 0), ['passes']);
});

t.test('a policy is held to its schema where it has one', async (t) => {
  const schema = `namespace Orchestrator {
    entity Run; entity Change; entity Folder; entity Path in [Folder] { path: String };
    action "change" appliesTo { principal: Run, resource: Path, context: {} };
  }`;
  const files = {
    'main.cedar': 'permit(principal, action, resource is Orchestrator::Path) when { resource.pth == "x" };',
    'schema.cedarschema': schema,
  };
  t.strictSame(await verdict(files), ['policy_malformed']);
});

t.test('at admission the declared paths are judged', async (t) => {
  const plan = {
    digest: null,
    changes: [
      { path: 'src/a.ts', kind: null },
      { path: 'keys/k', kind: 'modified' },
    ],
  };
  const admission = inputOf(null, { moment: 'admission', plan });
  const files = {
    'main.cedar': `${PERMIT}@id("k") forbid(principal, action, resource in Orchestrator::Folder::"keys");`,
  };
  t.strictSame(await verdict(files, admission), ['policy_denied']);
  t.strictSame(await verdict({ 'main.cedar': PERMIT }, admission), ['passes']);
});

t.test('an input that is not the whole truth is judged by no policy', async (t) => {
  const files = { 'main.cedar': PERMIT };
  const many = Array.from({ length: 5_001 }, (_, index) => change(`f${index}`));
  const rows: [string, PolicyInput, string][] = [
    ['closure without a diff', inputOf(null), 'policy_no_diff'],
    ['a cut list of changes', inputOf(diffOf([], { truncated: true })), 'policy_too_many_paths'],
    ['more paths than are judged', inputOf(diffOf(many)), 'policy_too_many_paths'],
    ['fewer changes than files', inputOf(diffOf([], { path_count: 1 })), 'policy_diff_incomplete'],
    ['a diff of another commit', inputOf(diffOf([], { head_sha: 'f'.repeat(40) })), 'subject_differs'],
    ['a diff of another tree', inputOf(diffOf([], { tree_digest: 'f'.repeat(64) })), 'subject_differs'],
    ['another run', { ...SMALL, run_id: 'run-2' }, 'subject_differs'],
  ];
  for (const [name, input, codes] of rows) t.equal((await verdict(files, input)).join(), codes, name);
});

t.test('a policy that cannot be read, or an engine that cannot be started, blocks', async (t) => {
  const folder = folderOf({ 'main.cedar': PERMIT });
  const missing = async () => fail(folderProblem('policy_missing', 'no such folder'));
  const noModule = async () => Promise.reject(new Error('no module'));
  const rows: [string, Parameters<typeof cedarPorts>[1], string][] = [
    ['no folder', { readPolicyFolder: missing }, 'policy_missing'],
    ['no engine', { loadCedar: noModule }, 'policy_error'],
  ];
  for (const [name, ports, codes] of rows) {
    const { document } = await readCedarGate(ask('cedar', SMALL), cedarPorts(folder, ports));
    t.equal(verdictOf(document).join(), codes, name);
    t.equal(document.status, 'unknown');
  }
});

t.test('a decision that takes longer than its limit blocks', async (t) => {
  let now = 0;
  const ports = cedarPorts(folderOf({ 'main.cedar': PERMIT }), {
    monotonicMs: () => {
      now += 6_000;
      return now;
    },
  });
  const { document } = await readCedarGate(ask('cedar', SMALL), ports);
  t.strictSame(verdictOf(document), ['policy_timeout']);
});

t.test('many denials are told up to a bound, and counted beyond it', async (t) => {
  const many = Array.from({ length: 300 }, (_, index) => change(`f${index}`));
  const { document } = await gate(
    { 'main.cedar': 'permit(principal, action == Orchestrator::Action::"close", resource);' },
    inputOf(diffOf(many)),
  );
  t.equal(document.details.length, 101);
  t.equal(document.details.at(-1)?.message, 'and 200 more denials');
});

t.test('what was prepared for one policy never decides for another', async (t) => {
  const rows: [string, string][] = [
    [PERMIT, 'passes'],
    ['forbid(principal, action, resource);', 'policy_denied,policy_denied'],
    [PERMIT, 'passes'],
    ['permit(', 'policy_malformed'],
    [PERMIT, 'passes'],
  ];
  for (const [text, codes] of rows) {
    const ports = cedarPorts(folderOf({ 'main.cedar': text }));
    const { document } = await readCedarGate(ask('cedar', SMALL), ports);
    t.equal(verdictOf(document).join(), codes, text);
  }
});

t.test('the engine is started once in a process', async (t) => {
  const { loadCedar } = cedarPorts(folderOf({}));
  t.equal(await loadCedar(), await loadCedar());
});
