import t from 'tap';
import type { StoredConfig, StoredRole } from '../../../src/core/config/stored-config.ts';
import { ORCHESTRATE, stageNames } from '../../../src/core/machine/pipeline.ts';
import { compareConfigs } from '../../../src/core/resume/compare-config.ts';
import { sampleRun } from '../../fixtures/documents/sample-run.ts';

const BASE: StoredConfig = {
  ...sampleRun().config,
  validation: [{ bin: 'make', args: ['test'], args_withheld: [], env: [{ name: 'A', value: '1' }] }],
};
const ALL = stageNames(ORCHESTRATE);
const STAGE_OF = { manager: 'planning', executor: 'execution', reviewer: 'validation' } as const;
const ROLES = ['manager', 'executor', 'reviewer'] as const;
type RoleName = (typeof ROLES)[number];

function roleOf(config: StoredConfig, name: RoleName): StoredRole {
  const role = config[name];
  if (role === null) throw new Error(`no ${name}`);
  return role;
}

function withRole(name: RoleName, more: Partial<StoredRole>): StoredConfig {
  return { ...BASE, [name]: { ...roleOf(BASE, name), ...more } };
}

function compare(before: StoredConfig, after: StoredConfig, completed: readonly string[] = ALL) {
  return compareConfigs(before, after, completed, ORCHESTRATE);
}

t.test('the same configuration has no changes', async (t) => {
  t.strictSame(compare(BASE, structuredClone(BASE)), { changes: [], refused: [] });
});

t.test("a completed stage's binary, arguments, variable names and artifacts cannot change", async (t) => {
  const binding: Readonly<Record<string, Partial<StoredRole>>> = {
    binary: { bin: '/bin/other' },
    arguments: { args: ['other'] },
    'environment names': { env: [{ name: 'NEW', value: '1' }] },
    'expected artifacts': { expected_artifacts: [{ path: 'out:other.json', schema: null }] },
  };
  for (const name of ROLES) {
    for (const [what, more] of Object.entries(binding)) {
      const stage = STAGE_OF[name];
      const after = withRole(name, more);
      t.strictSame(compare(BASE, after), {
        changes: [`${name}: ${what}`],
        refused: [{ stage, what: `${name}: ${what}` }],
      });
      const others = ALL.filter((one) => one !== stage);
      t.strictSame(compare(BASE, after, others).refused, [], `${name}: ${what}, before ${stage} completed`);
    }
  }
});

t.test('a role added to, or taken from, a completed stage is refused', async (t) => {
  const without = { ...BASE, executor: null };
  t.strictSame(compare(without, BASE).refused, [{ stage: 'execution', what: 'executor: added' }]);
  t.strictSame(compare(BASE, without).refused, [{ stage: 'execution', what: 'executor: removed' }]);
});

t.test('a value of a variable and a timeout may change, and are listed without the value', async (t) => {
  const before = withRole('executor', { env: [{ name: 'TOKEN_FILE', value: '/one' }] });
  const after = withRole('executor', { env: [{ name: 'TOKEN_FILE', value: '/two' }], timeout_ms: 7 });
  const { changes, refused } = compare(before, after);
  t.strictSame(changes, ['executor: environment values', 'executor: timeout']);
  t.strictSame(refused, []);
});

t.test('a secret that was rotated is no change', async (t) => {
  const secret = { env: [{ name: 'TOKEN', value: null }] };
  t.strictSame(compare(withRole('executor', secret), withRole('executor', secret)).changes, []);
});

t.test('native validation commands of a completed validation cannot change', async (t) => {
  const [command] = BASE.validation;
  if (command === undefined) throw new Error('no command');
  const cases: Readonly<Record<string, Partial<StoredConfig>>> = {
    'validation commands: their number': { validation: [] },
    'validation command 1: binary': { validation: [{ ...command, bin: 'ninja' }] },
    'validation command 1: arguments': { validation: [{ ...command, args: [] }] },
    'validation command 1: environment names': { validation: [{ ...command, env: [] }] },
    'validation commands from the planning context': { validation_from_planning_context: true },
  };
  for (const [what, more] of Object.entries(cases)) {
    const after = { ...BASE, ...more };
    t.strictSame(compare(BASE, after).refused, [{ stage: 'validation', what }]);
    t.strictSame(compare(BASE, after, ['planning', 'policy_ingestion', 'execution']).refused, [], what);
  }
});

t.test('the planning context belongs to planning', async (t) => {
  const after = { ...BASE, planning_context_artifact: 'out:context.json' };
  t.strictSame(compare(BASE, after, ['planning']).refused, [
    { stage: 'planning', what: 'planning context artifact' },
  ]);
});

t.test('every other setting may change, and is listed with both values', async (t) => {
  const other: Partial<StoredConfig> = {
    repo_root: '/elsewhere',
    execution_max_iterations: 5,
    reviewer_remediation_max_cycles: 5,
    timeout_ms: 5,
    run_timeout_ms: 5,
    kill_grace_ms: 5,
    gate_max_age_ms: 5,
    pass_env: ['X'],
    inherit_env: true,
    redact_env: ['X'],
    allow_stale_artifacts: true,
    tree_ignore: ['x'],
    max_artifact_bytes: 5,
    max_log_bytes: 5,
  };
  const { changes, refused } = compare(BASE, { ...BASE, ...other });
  t.equal(changes.length, Object.keys(other).length);
  t.ok(changes.includes('timeout: 1800000 is now 5'));
  t.ok(changes.includes('passed environment: [] is now ["X"]'));
  t.strictSame(refused, []);
});

t.test('no part of a configuration changes unseen', async (t) => {
  const quiet = Object.keys(BASE).filter((key) => {
    const after = { ...BASE, [key]: 'something else entirely' };
    if (ROLES.some((role) => role === key) || key === 'validation') return false;
    return compare(BASE, after).changes.length === 0;
  });
  t.strictSame(quiet, ['passed_secrets'], 'what a resume needs again is no setting');
});
