import t from 'tap';
import { CLOSURE_DEFAULTS } from '../../../src/core/config/closure-settings.ts';
import { resolvePlan } from '../../../src/core/config/resolve-plan.ts';
import type { GivenPlan, RunPlan } from '../../../src/core/run-plan.ts';
import { given, sampleGiven, samplePlan, sampleRole } from '../../fixtures/sample-plan.ts';

const EVERY_SETTING: Omit<RunPlan, 'roles' | 'closure'> = {
  validation: [{ bin: 'make', args: ['test'], env: { A: '1' } }],
  validationFromPlanningContext: true,
  repoRoot: '/elsewhere',
  planningContextArtifact: '/elsewhere/context.json',
  executionMaxIterations: 2,
  remediationMaxCycles: 3,
  timeoutMs: 4,
  runTimeoutMs: 5,
  killGraceMs: 6,
  gateMaxAgeMs: 7,
  passEnv: ['A*'],
  acceptGitChange: ['config core.hookspath'],
  sandbox: 'auto',
  sandboxNetwork: 'on',
  sandboxRead: ['/opt/tools'],
  sandboxWrite: ['/var/cache/tools'],
  inheritEnv: true,
  redactEnv: ['B*'],
  allowStaleArtifacts: true,
  treeIgnore: ['*.log'],
  maxArtifactBytes: 8,
  maxLogBytes: 9,
};

function everythingGiven(): GivenPlan {
  return sampleGiven(
    {},
    Object.fromEntries(Object.entries(EVERY_SETTING).map(([key, value]) => [key, given(value)])),
  );
}

t.test(
  'what is not given has the default of spec section 1, and the caller stands in the repository',
  async (t) => {
    t.strictSame(resolvePlan(sampleGiven(), null, '/repo'), samplePlan());
    t.match(samplePlan(), {
      executionMaxIterations: 1,
      remediationMaxCycles: 0,
      timeoutMs: 1_800_000,
      killGraceMs: 5000,
      gateMaxAgeMs: 86_400_000,
      maxArtifactBytes: 16_777_216,
      maxLogBytes: 67_108_864,
    });
  },
);

t.test('what is given counts, over the defaults and over the run so far', async (t) => {
  const base = samplePlan({ timeoutMs: 99, passEnv: ['OLD'], treeIgnore: ['old'] });
  for (const before of [null, base]) {
    t.strictSame(resolvePlan(everythingGiven(), before, '/repo'), {
      ...EVERY_SETTING,
      roles: { manager: null, executor: null, reviewer: null },
      closure: CLOSURE_DEFAULTS,
    });
  }
});

t.test('what is not given on resume stays as the run so far had it', async (t) => {
  const base: RunPlan = {
    ...EVERY_SETTING,
    closure: CLOSURE_DEFAULTS,
    roles: {
      manager: sampleRole({ args: ['a'] }),
      executor: null,
      reviewer: sampleRole({ env: { A: '1' } }),
    },
  };
  t.strictSame(resolvePlan(sampleGiven(), base, '/not-the-repository'), base);
});

t.test('a value that is given as false, nothing, zero or null counts as given', async (t) => {
  const base: RunPlan = {
    ...samplePlan(),
    ...EVERY_SETTING,
    roles: { ...samplePlan().roles, manager: sampleRole({ timeoutMs: 5, args: ['a'] }) },
  };
  const plan = resolvePlan(
    sampleGiven(
      { manager: { timeoutMs: given(null), args: given([]) } },
      {
        validation: given([]),
        inheritEnv: given(false),
        killGraceMs: given(0),
        runTimeoutMs: given(null),
        planningContextArtifact: given(null),
      },
    ),
    base,
    '/repo',
  );
  t.match(plan, { validation: [], inheritEnv: false, killGraceMs: 0 });
  t.equal(plan.runTimeoutMs, null);
  t.equal(plan.planningContextArtifact, null);
  t.equal(plan.roles.manager?.timeoutMs, null);
  t.strictSame(plan.roles.manager?.args, []);
});

t.test('a role without a binary, now or before, is not configured', async (t) => {
  const plan = resolvePlan(sampleGiven({ executor: { args: given(['a']) } }), null, '/repo');
  t.equal(plan.roles.executor, null);
});

t.test('a role that is given has the rest of it empty', async (t) => {
  const plan = resolvePlan(sampleGiven({ executor: { bin: given('sh') } }), null, '/repo');
  t.strictSame(plan.roles.executor, sampleRole({ bin: 'sh' }));
});

t.test('on resume lists are replaced, variables are added by name', async (t) => {
  const base = samplePlan({
    roles: {
      manager: null,
      executor: sampleRole({ args: ['a', 'b'], env: { KEEP: '1', TURN: 'old' } }),
      reviewer: null,
    },
  });
  const now = sampleGiven({ executor: { args: given(['c']), env: given({ TURN: 'new', ADD: '' }) } });
  t.strictSame(
    resolvePlan(now, base, '/repo').roles.executor,
    sampleRole({ args: ['c'], env: { KEEP: '1', TURN: 'new', ADD: '' } }),
  );
});
