import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { PolicyChange } from '../../src/formats/policy-input.ts';
import { readCedarGate } from '../../src/gates/cedar/cedar-gate.ts';
import { configInit } from '../../src/operations/config-init.ts';
import { configPrint } from '../../src/operations/config-print.ts';
import { jsonStarter, yamlStarter } from '../../src/operations/config-starter.ts';
import { configValidate } from '../../src/operations/config-validate.ts';
import { STARTER_POLICY } from '../../src/operations/starter-policy/files.ts';
import { ask, cedarPorts, change, diffOf, folderOf, inputOf, verdictOf } from '../gates/sample-policy.ts';

function portsIn(cwd: string) {
  const printed: string[] = [];
  const take = (text: string) => void printed.push(text);
  return { cwd, env: {}, stdout: take, stderr: take, said: () => printed.join('') };
}

/** The codes by which the starter policy denies; `passes` where it does not. */
async function decided(input: ReturnType<typeof inputOf>): Promise<string> {
  const { document } = await readCedarGate(ask('cedar', input), cedarPorts(folderOf(STARTER_POLICY)));
  const denied = document.details.filter(({ code }) => code === 'policy_denied').map(({ about }) => about);
  return document.passed ? 'passes' : (denied.length > 0 ? denied : verdictOf(document)).join();
}

const close = (...changes: PolicyChange[]) => decided(inputOf(diffOf(changes)));
const many = (count: number, more: Partial<PolicyChange> = {}) =>
  Array.from({ length: count }, (_, index) => change(`src/${index}.ts`, { lines_added: 1, ...more }));

t.test('the starter policy lets a small change pass', async (t) => {
  t.equal(
    await close(change('src/a.ts'), change('test/a.test.ts', { kind: 'added', old_mode: null })),
    'passes',
  );
  t.equal(await close(), 'passes');
  t.equal(await close(...many(8)), 'passes');
  t.equal(await close(change('bin/run', { new_mode: 'executable' })), 'passes');
});

t.test('the starter policy denies a change over any of its budgets', async (t) => {
  t.equal(await close(...many(9)), 'too_many_files');
  t.equal(await close(change('src/a.ts', { lines_added: 300, lines_deleted: 100 })), 'passes');
  t.equal(await close(change('src/a.ts', { lines_added: 300, lines_deleted: 101 })), 'too_many_lines');
  t.equal(await close(change('src/a', { lines_added: null, lines_deleted: null })), 'too_many_lines');
  t.equal(await close(...many(5, { kind: 'added' })), 'passes');
  t.equal(await close(...many(6, { kind: 'added' })), 'too_many_new_files');
  t.equal(await close(change('src/a.ts', { kind: 'deleted', new_mode: null })), 'deleted_files');
});

t.test('the starter policy denies what decides about agents, what runs elsewhere, and secrets', async (t) => {
  for (const path of [
    'policy/main.cedar',
    'orchestrator.yaml',
    '.github/workflows/ci.yml',
    '.GitHub/Workflows/ci.yml',
    '.gitmodules',
    '.env',
    'app/.env.local',
  ]) {
    t.equal(await close(change(path)), 'protected_path', path);
  }
  const moved = change('src/x', { kind: 'renamed', old_path: '.env' });
  t.equal(await close(moved), 'protected_path', 'the source of a rename counts');
});

t.test('what the starter policy permits nowhere is denied', async (t) => {
  for (const new_mode of ['symlink', 'submodule', 'repository', 'special'] as const) {
    t.equal(await close(change('src/a', { new_mode })), 'not_permitted', new_mode);
  }
});

t.test('at admission the starter policy judges what the plan declares', async (t) => {
  const admit = (changes: { path: string; kind: string | null }[] | null) =>
    decided(inputOf(null, { moment: 'admission', plan: { digest: null, changes } }));
  t.equal(await admit(null), 'passes');
  t.equal(await admit([{ path: 'src/a.ts', kind: 'modified' }]), 'passes');
  t.equal(await admit([{ path: '.env', kind: null }]), 'protected_path');
});

t.test('a rule that was taken out of the starter policy is missed', async (t) => {
  const text = STARTER_POLICY['main.cedar'] ?? '';
  const rules = [...text.matchAll(/^@id\("(\w+)"\)$/gm)].map(([, id]) => id);
  t.equal(rules.length, JSON.parse(STARTER_POLICY['policy.json'] ?? '{}').min_rules);
  const fewer = { ...STARTER_POLICY, 'main.cedar': text.slice(0, text.lastIndexOf('@id(')) };
  const { document } = await readCedarGate(
    ask('cedar', inputOf(diffOf([change('src/a.ts')]))),
    cedarPorts(folderOf(fewer)),
  );
  t.strictSame(verdictOf(document), ['policy_too_few_rules']);
});

t.test('config init --policy writes a valid file and the policy, and says what it wrote', async (t) => {
  const cwd = t.testdir();
  const ports = portsIn(cwd);
  t.ok((await configInit({ file: null, format: null, policy: true }, ports)).ok);
  t.strictSame(readdirSync(join(cwd, 'policy')).sort(), Object.keys(STARTER_POLICY).sort());
  for (const name of ['orchestrator.yaml', ...Object.keys(STARTER_POLICY).map((one) => `policy/${one}`)]) {
    t.match(ports.said(), `${name}: written`);
  }
  t.match(
    ports.said(),
    /next: git add orchestrator\.yaml policy && git commit, then orchestrator config validate/,
  );
  const check = portsIn(cwd);
  t.ok(await configValidate({ file: 'orchestrator.yaml', json: false }, check), check.said());
});

t.test('config init --policy writes nothing where anything is there already', async (t) => {
  const file = t.testdir();
  writeFileSync(join(file, 'orchestrator.yaml'), 'mine');
  t.notOk((await configInit({ file: null, format: null, policy: true }, portsIn(file))).ok);
  t.notOk(existsSync(join(file, 'policy')));
  const folder = t.testdir({ policy: { 'main.cedar': 'mine' } });
  const refused = await configInit({ file: null, format: null, policy: true }, portsIn(folder));
  t.match(refused, { ok: false, failure: { message: /policy: expected nothing of that name/ } });
  t.notOk(existsSync(join(folder, 'orchestrator.yaml')));
  t.equal(readFileSync(join(folder, 'policy/main.cedar'), 'utf8'), 'mine');
});

t.test('the starter files with a policy say the same in both formats', async (t) => {
  const cwd = t.testdir({ 'a.yaml': yamlStarter(true), 'a.json': jsonStarter(true) });
  mkdirSync(join(cwd, 'src'));
  const printed: string[] = [];
  for (const file of ['a.yaml', 'a.json']) {
    const ports = portsIn(cwd);
    await configPrint({ file, json: false }, ports);
    printed.push(ports.said().replaceAll(file, 'FILE'));
  }
  t.equal(printed[0], printed[1]);
  t.match(printed[0], /cedar:/);
});
