import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { RunRequest } from '../../src/core/run-plan.ts';
import { checkConfig } from '../../src/formats/config.ts';
import { configInit } from '../../src/operations/config-init.ts';
import { configPrint } from '../../src/operations/config-print.ts';
import { jsonStarter, yamlStarter } from '../../src/operations/config-starter.ts';
import { configValidate } from '../../src/operations/config-validate.ts';
import { printConfig } from '../../src/operations/print-config.ts';
import { sampleRun } from '../fixtures/documents/sample-run.ts';
import { writeEvidence } from '../fixtures/documents/write-evidence.ts';

function portsIn(cwd: string, env: Record<string, string> = {}) {
  const printed: string[] = [];
  const complained: string[] = [];
  return {
    cwd,
    env,
    stdout: (text: string) => void printed.push(text),
    stderr: (text: string) => void complained.push(text),
    out: () => printed.join(''),
    err: () => complained.join(''),
  };
}

const REQUEST: RunRequest = {
  outDir: '/x/out',
  checkpointPath: null,
  resume: false,
  rerunFrom: null,
  acceptChangedBinary: [],
  assertions: { policy: 'allow' },
  simulateBlocked: false,
  breakLock: null,
  stateKey: null,
  signKey: null,
  htmlReport: null,
  output: { json: false, quiet: false, verbose: false, color: null },
  given: {
    roles: {
      manager: {},
      executor: {
        bin: { value: '/e', origin: '--executor-bin' },
        args: { value: ['--key=c4n4ry-one', 'c4n4ry-two'], origin: '--executor-arg' },
        env: {
          value: { API_TOKEN: 'c4n4ry-one', NOTE: 'c4n4ry-three', PLAIN: 'x\u001b' },
          origin: '--executor-env',
        },
      },
      reviewer: {},
    },
    timeoutMs: { value: 9, origin: 'o.yaml: timeout_ms' },
    redactEnv: { value: ['NOTE'], origin: '--redact-env' },
  },
};

t.test('the effective configuration names the origin of every value and no secret', async (t) => {
  const ports = portsIn('/x', { MY_PASSWORD: 'c4n4ry-two' });
  t.strictSame(await printConfig(REQUEST, ports), { ok: true, value: undefined });
  t.match(ports.out(), '# out_dir: "/x/out"');
  t.match(ports.out(), '# checkpoint_path: "/x/out/orchestrator_checkpoint.json"');
  t.match(ports.out(), '# policy_status: "allow"  # --policy-status');
  t.match(ports.out(), '# ci_status: "missing"  # default');
  t.match(ports.out(), '# manager: not configured');
  t.match(ports.out(), '  bin: "/e"  # --executor-bin');
  t.match(ports.out(), '  args: ["--key=***","***"]  # --executor-arg');
  t.match(ports.out(), '  env: {"API_TOKEN":"***","NOTE":"***","PLAIN":"x\\u001b"}  # --executor-env');
  t.match(ports.out(), 'timeout_ms: 9  # o.yaml: timeout_ms');
  t.match(ports.out(), 'repo_root: "/x"  # default');
  t.match(ports.out(), '# run_timeout_ms: none  # default');
  t.notMatch(ports.out(), /c4n4ry/);
});

t.test('as JSON every value stands with its origin', async (t) => {
  const ports = portsIn('/x');
  await printConfig({ ...REQUEST, output: { ...REQUEST.output, json: true } }, ports);
  t.match(JSON.parse(ports.out()), {
    out_dir: '/x/out',
    gates: { policy: { value: 'allow', origin: '--policy-status' } },
    config: {
      manager: null,
      executor: { timeout_ms: { value: 9, origin: 'timeout_ms' } },
      timeout_ms: { value: 9, origin: 'o.yaml: timeout_ms' },
      gate_max_age: { value: '24h', origin: 'default' },
    },
  });
});

t.test('on resume without a checkpoint nothing can be printed', async (t) => {
  const outDir = t.testdir({});
  const result = await printConfig({ ...REQUEST, outDir, resume: true }, portsIn('/x'));
  t.match(result, { ok: false, failure: { reason: 'precondition' } });
  t.match(
    await printConfig(
      { ...REQUEST, outDir: t.testdir({ 'orchestrator_checkpoint.json': '' }), resume: true },
      portsIn('/x'),
    ),
    { ok: false, failure: { reason: 'checkpoint_unreadable' } },
  );
});

t.test('on resume what is not given comes from the checkpoint', async (t) => {
  const repo = t.testdir({ out: {} });
  const outDir = join(repo, 'out');
  writeEvidence(outDir, sampleRun());
  const given = {
    roles: { manager: {}, executor: {}, reviewer: {} },
    killGraceMs: { value: 1, origin: '--kill-grace-ms' },
  };
  const ports = portsIn('/elsewhere');
  t.strictSame(await printConfig({ ...REQUEST, given, outDir, resume: true }, ports), {
    ok: true,
    value: undefined,
  });
  t.match(ports.out(), `bin: "${repo}/bin/manager"  # checkpoint`);
  t.match(ports.out(), `repo_root: "${repo}"  # checkpoint`);
  t.match(ports.out(), 'kill_grace_ms: 1  # --kill-grace-ms');
  t.match(ports.out(), '# ci_status: "missing"  # default, unless an earlier assertion is carried over');
});

t.test('what is printed as text is a config file again', async (t) => {
  const cwd = t.testdir({ 'o.yaml': yamlStarter() });
  const first = portsIn(cwd);
  await configPrint({ file: 'o.yaml', json: false }, first);
  writeFileSync(join(cwd, 'again.yaml'), first.out());
  const second = portsIn(cwd);
  await configPrint({ file: 'again.yaml', json: false }, second);
  const values = (text: string) => text.replaceAll(/ {2}# .*$/gm, '');
  t.equal(values(second.out()), values(first.out()));
  t.match(await configPrint({ file: 'none.yaml', json: false }, portsIn(cwd)), {
    ok: false,
    failure: { reason: 'usage' },
  });
});

t.test(
  'the starter files are valid, say the same, and differ from the defaults only in what they set',
  async (t) => {
    const cwd = t.testdir({ 'a.yaml': yamlStarter(), 'a.json': jsonStarter() });
    t.ok((await checkConfig(JSON.parse(jsonStarter()))).ok);
    const printed = [];
    for (const file of ['a.yaml', 'a.json']) {
      const ports = portsIn(cwd);
      t.equal(await configValidate({ file, json: false }, ports), true, ports.err());
      const shown = portsIn(cwd);
      await configPrint({ file, json: false }, shown);
      printed.push(shown.out().replaceAll(file, 'FILE'));
    }
    t.equal(printed[0], printed[1]);
  },
);

t.test('the settings that the YAML starter has in comments are valid too', async (t) => {
  const active = yamlStarter().replaceAll(/^( *)# ([a-z_]+: |- \{)/gm, '$1$2');
  const cwd = t.testdir({ 'all.yaml': active, schemas: { 'run_report.schema.json': '{}' } });
  const ports = portsIn(cwd);
  t.equal(await configValidate({ file: 'all.yaml', json: false }, ports), true, ports.err());
  for (const key of ['pass_env', 'gate_max_age', 'tree_ignore'])
    t.match(active, new RegExp(`^${key}: `, 'm'));
});

t.test('init never overwrites, and takes the format from the name', async (t) => {
  const cwd = t.testdir({ 'there.yaml': 'mine' });
  t.match(await configInit({ file: 'there.yaml', format: null, policy: false }, portsIn(cwd)), {
    ok: false,
    failure: { reason: 'usage' },
  });
  t.equal(readFileSync(join(cwd, 'there.yaml'), 'utf8'), 'mine');
  t.equal((await configInit({ file: null, format: 'json', policy: false }, portsIn(cwd))).ok, true);
  t.equal(readFileSync(join(cwd, 'orchestrator.json'), 'utf8'), jsonStarter());
  t.equal((await configInit({ file: 'x.yml', format: null, policy: false }, portsIn(cwd))).ok, true);
  t.equal(readFileSync(join(cwd, 'x.yml'), 'utf8'), yamlStarter());
  t.equal((await configInit({ file: 'y.yml', format: 'json', policy: false }, portsIn(cwd))).ok, false);
  t.equal((await configInit({ file: 'y.toml', format: null, policy: false }, portsIn(cwd))).ok, false);
  t.equal((await configInit({ file: 'no/y.yaml', format: null, policy: false }, portsIn(cwd))).ok, false);
});

t.test('validate names every mistake in one line each', async (t) => {
  const cwd = t.testdir({
    'bad.yaml': 'timeout_ms: 0\nfoo: 1\n',
    'same.yaml':
      'manager: {bin: m, expected_artifacts: [a]}\nexecutor: {bin: e, expected_artifacts: [./a]}\n',
    'schema.yaml': 'manager: {bin: m, expected_artifacts: [{path: a, schema: none.json}]}\n',
  });
  const ports = portsIn(cwd);
  t.equal(await configValidate({ file: 'bad.yaml', json: false }, ports), false);
  t.equal(ports.out(), '');
  t.strictSame(ports.err().split('\n'), [
    'orchestrator: bad.yaml:1:1: timeout_ms: expected a whole number from 1 to 2147483647, got the number 0',
    'orchestrator: bad.yaml:2:1: foo: not a key of this format',
    '',
  ]);
  const same = portsIn(cwd);
  t.equal(await configValidate({ file: 'same.yaml', json: true }, same), false);
  t.match(JSON.parse(same.out()), {
    file: 'same.yaml',
    valid: false,
    problems: [/expected a path of its own/],
  });
  const schema = portsIn(cwd);
  t.equal(await configValidate({ file: 'schema.yaml', json: false }, schema), false);
  t.match(schema.err(), /expected a schema at .*none\.json", got no file/);
});
