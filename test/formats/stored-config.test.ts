import fc from 'fast-check';
import t from 'tap';
import type { RunPlan } from '../../src/core/run-plan.ts';
import { serialiseJson } from '../../src/formats/report.ts';
import { storedConfigSchema } from '../../src/formats/stored-config.schema.ts';
import { loadConfig, storeConfig, type Withholding } from '../../src/formats/stored-config.ts';
import type { StoredRoots } from '../../src/formats/stored-path.ts';
import { parseStrictJson } from '../../src/formats/strict-json.ts';
import { samplePlan, sampleRole } from '../fixtures/sample-plan.ts';

const ROOTS: StoredRoots = { repoRoot: '/repo', outDir: '/repo/out' };
const NOTHING_SECRET: Withholding = {
  text: (value) => value,
  isSecret: () => false,
  passedSecrets: [],
  argsWithheld: {},
  envWithheld: {},
  promptsWithheld: [],
};
const SECRET = 'hunter2hunter2';
const SECRETIVE: Withholding = {
  ...NOTHING_SECRET,
  text: (value) => value.replaceAll(SECRET, '***'),
  isSecret: (name) => name.endsWith('_TOKEN'),
};

/** Through bytes and schema, as a checkpoint takes it. */
function throughDisk(
  plan: RunPlan,
  hold: Withholding,
  outDir: string = ROOTS.outDir,
  repoRoot: string | null = null,
) {
  const text = serialiseJson(storeConfig(plan, ROOTS, hold));
  const parsed = parseStrictJson(Buffer.from(text));
  if (!parsed.ok) throw new Error(parsed.failure.problem);
  return { text, loaded: loadConfig(storedConfigSchema.parse(parsed.value), outDir, repoRoot) };
}

function fullPlan(): RunPlan {
  return samplePlan({
    roles: {
      manager: sampleRole({
        bin: '/repo/agents/manager',
        args: ['-c', 'exit 0', '', '007', '--resume', 'a\u0000b', '\ud800'],
        env: { B: '2', A: '', 'odd name': 'x=y' },
        expectedArtifacts: [
          { path: '/repo/out/plan.json', schema: '/repo/plan.schema.json' },
          { path: '/tmp/x', schema: null },
        ],
        timeoutMs: 5,
      }),
      executor: sampleRole({ bin: 'sh' }),
      reviewer: null,
    },
    validation: [
      { bin: 'make', args: ['test'], env: { CI: '1' } },
      { bin: '/bin/true', args: [], env: {} },
    ],
    planningContextArtifact: '/repo/out/context.json',
    runTimeoutMs: 9,
    passEnv: ['A*'],
    treeIgnore: ['*.log'],
  });
}

t.test('a plan without secrets comes back as it was', async (t) => {
  const { loaded } = throughDisk(fullPlan(), NOTHING_SECRET);
  t.strictSame(loaded.plan, fullPlan());
  t.strictSame(loaded.argsWithheld, { manager: [], executor: [], 'command-1': [], 'command-2': [] });
  t.strictSame(loaded.envWithheld, { manager: [], executor: [], 'command-1': [], 'command-2': [] });
});

t.test('whatever arguments and variables a role has come back as they were', async (t) => {
  const text = fc.string({ unit: 'binary', maxLength: 12 });
  const env = fc.dictionary(
    text.filter((name) => name !== '__proto__'),
    text,
    { maxKeys: 4 },
  );
  const property = fc.property(fc.array(text), env, (args, variables) => {
    const sorted = Object.fromEntries(Object.entries(variables).sort(([a], [b]) => (a < b ? -1 : 1)));
    const plan = samplePlan({
      roles: { manager: null, executor: sampleRole({ args, env: sorted }), reviewer: null },
    });
    return JSON.stringify(throughDisk(plan, NOTHING_SECRET).loaded.plan) === JSON.stringify(plan);
  });
  fc.assert(property, { seed: 4, numRuns: 300 });
  t.pass('300 plans');
});

t.test('paths inside repo-root and out_dir follow them, others stay', async (t) => {
  const { loaded, text } = throughDisk(fullPlan(), NOTHING_SECRET, '/builds/7/out');
  t.match(loaded.plan, {
    repoRoot: '/builds/7',
    planningContextArtifact: '/builds/7/out/context.json',
    roles: {
      manager: {
        bin: '/builds/7/agents/manager',
        expectedArtifacts: [
          { path: '/builds/7/out/plan.json', schema: '/builds/7/plan.schema.json' },
          { path: '/tmp/x' },
        ],
      },
      executor: { bin: 'sh' },
    },
  });
  t.notMatch(text, /"\/repo/);
});

t.test('a repo-root given anew is where the paths of the repository are', async (t) => {
  const { loaded } = throughDisk(fullPlan(), NOTHING_SECRET, '/evidence', '/checkout');
  t.equal(loaded.plan.repoRoot, '/checkout');
  t.equal(loaded.plan.roles.manager?.bin, '/checkout/agents/manager');
  t.equal(loaded.plan.planningContextArtifact, '/evidence/context.json');
});

t.test('a binary that is looked up on PATH keeps its name, whatever it looks like', async (t) => {
  for (const bin of ['sh', 'out:tool', 'repo:tool', 'path:tool', 'a:b']) {
    const plan = samplePlan({
      roles: { manager: sampleRole({ bin }), executor: null, reviewer: null },
      validation: [{ bin, args: [], env: {} }],
    });
    const { loaded } = throughDisk(plan, NOTHING_SECRET);
    t.equal(loaded.plan.roles.manager?.bin, bin);
    t.equal(loaded.plan.validation[0]?.bin, bin);
  }
});

t.test('a binary in out_dir or the repository is not mistaken for one of PATH', async (t) => {
  for (const bin of ['/repo/out/tool', '/repo/tool', '/repo/out/path:tool']) {
    const plan = samplePlan({ roles: { manager: sampleRole({ bin }), executor: null, reviewer: null } });
    t.equal(throughDisk(plan, NOTHING_SECRET).loaded.plan.roles.manager?.bin, bin);
  }
});

function secretPlan(): RunPlan {
  return samplePlan({
    roles: {
      manager: null,
      executor: sampleRole({
        args: ['--key', SECRET, `--header=Bearer ${SECRET}`, 'plain'],
        env: { API_TOKEN: 'another one', URL: `https://u:${SECRET}@host`, PLAIN: 'p' },
      }),
      reviewer: null,
    },
    validation: [{ bin: 'make', args: [SECRET], env: { MY_TOKEN: 'x' } }],
  });
}

t.test('no secret is in the stored form; names and positions say what is missing', async (t) => {
  const { text, loaded } = throughDisk(secretPlan(), SECRETIVE);
  t.notMatch(text, new RegExp(SECRET));
  t.notMatch(text, /another one/);
  t.strictSame(loaded.argsWithheld, { executor: [1, 2], 'command-1': [0] });
  t.strictSame(loaded.envWithheld, { executor: ['API_TOKEN', 'URL'], 'command-1': ['MY_TOKEN'] });
  t.strictSame(loaded.plan.roles.executor?.env, { PLAIN: 'p' });
  t.strictSame(loaded.plan.roles.executor?.args, ['--key', '***', '--header=Bearer ***', 'plain']);
});

t.test('what was withheld stays withheld when the stored plan is stored again without it', async (t) => {
  const first = throughDisk(secretPlan(), SECRETIVE).loaded;
  const again = throughDisk(first.plan, { ...SECRETIVE, ...first }).loaded;
  t.strictSame(again, first);
});

t.test('what is given again is withheld anew, nothing more', async (t) => {
  const first = throughDisk(secretPlan(), SECRETIVE).loaded;
  const again = throughDisk(secretPlan(), SECRETIVE);
  t.strictSame(again.loaded, first);
});

t.test('a variable that has the name of something every object has is withheld like any other', async (t) => {
  const env = JSON.parse(`{"constructor":"${SECRET}","toString":"${SECRET}"}`);
  const plan = samplePlan({ roles: { manager: sampleRole({ env }), executor: null, reviewer: null } });
  const first = throughDisk(plan, SECRETIVE).loaded;
  t.strictSame(first.envWithheld.manager, ['constructor', 'toString']);
  t.strictSame(throughDisk(first.plan, { ...SECRETIVE, ...first }).loaded, first);
});

t.test('variables are stored in one order, whatever order they were given in', async (t) => {
  const plan = (env: Readonly<Record<string, string>>) =>
    storeConfig(
      samplePlan({ roles: { manager: sampleRole({ env }), executor: null, reviewer: null } }),
      ROOTS,
      NOTHING_SECRET,
    );
  t.strictSame(plan({ B: '2', A: '1' }), plan({ A: '1', B: '2' }));
});

t.test('the stored form has its keys in the order of the schema', async (t) => {
  const stored = storeConfig(fullPlan(), ROOTS, NOTHING_SECRET);
  t.equal(serialiseJson(storedConfigSchema.parse(stored)), serialiseJson(stored));
});

t.test('secrets taken from the environment of the caller are named, and only named', async (t) => {
  const stored = storeConfig(fullPlan(), ROOTS, { ...NOTHING_SECRET, passedSecrets: ['GH_TOKEN'] });
  t.strictSame(stored.passed_secrets, ['GH_TOKEN']);
});
