import t from 'tap';
import { buildChildEnvironment, type ChildEnvironmentOptions } from '../../src/process/child-environment.ts';
import { compileNames, NO_NAMES } from '../../src/process/name-globs.ts';

const CALLER = {
  PATH: '/bin',
  HOME: '/home/me',
  LC_ALL: 'C',
  GITHUB_TOKEN: 'secret-token',
  EXTRA: '1',
  NODE_OPTIONS: '--require evil',
  LD_PRELOAD: 'evil.so',
  GIT_DIR: '/evil',
  BASH_ENV: '/evil',
  GITHUB_ENV: '/evil',
  ORCHESTRATOR_STAGE: 'outer',
  UNSET: undefined,
};

function build(more: Partial<ChildEnvironmentOptions> = {}) {
  return buildChildEnvironment({
    callerEnv: CALLER,
    pass: NO_NAMES,
    inherit: false,
    withheld: new Set(),
    roleEnv: {},
    ownEnv: { ORCHESTRATOR_STAGE: 'planning' },
    cookie: 'ours-0123456789abcdef',
    platform: 'linux',
    ...more,
  });
}

t.test('a child gets the base set and our own variables, nothing else', async (t) => {
  const { env, keys, withheld, passedSecrets } = build();
  t.strictSame(env, {
    PATH: '/bin',
    HOME: '/home/me',
    LC_ALL: 'C',
    ORCHESTRATOR_STAGE: 'planning',
    ORCHESTRATOR_TREES: 'ours-0123456789abcdef',
  });
  t.strictSame(keys, ['HOME', 'LC_ALL', 'ORCHESTRATOR_STAGE', 'ORCHESTRATOR_TREES', 'PATH']);
  t.equal(withheld, 7);
  t.strictSame(passedSecrets, []);
});

t.test('--pass-env adds by name and glob, and secrets that went along are named', async (t) => {
  const { env, passedSecrets } = build({ pass: await compileNames(['GITHUB_*', 'EXTRA', 'NODE_OPTIONS']) });
  t.match(env, { GITHUB_TOKEN: 'secret-token', EXTRA: '1' });
  t.notOk('NODE_OPTIONS' in env);
  t.notOk('GITHUB_ENV' in env);
  t.strictSame(passedSecrets, ['GITHUB_TOKEN']);
});

t.test('--inherit-env passes everything but what never reaches a child', async (t) => {
  const { env, withheld } = build({ inherit: true });
  t.match(env, { EXTRA: '1', GITHUB_TOKEN: 'secret-token' });
  for (const name of ['NODE_OPTIONS', 'LD_PRELOAD', 'GIT_DIR', 'BASH_ENV', 'GITHUB_ENV'])
    t.notOk(name in env, name);
  t.equal(withheld, 5);
});

t.test("the role's own variables win over the caller's, ours over the role's", async (t) => {
  const roleEnv = {
    NODE_OPTIONS: '--max-old-space-size=1',
    HOME: '/role',
    EMPTY: '',
    ORCHESTRATOR_STAGE: 'x',
    ORCHESTRATOR_TREES: 'x',
  };
  const { env } = build({ roleEnv });
  t.match(env, {
    NODE_OPTIONS: '--max-old-space-size=1',
    HOME: '/role',
    EMPTY: '',
    ORCHESTRATOR_STAGE: 'planning',
  });
  t.equal(env.ORCHESTRATOR_TREES, 'ours-0123456789abcdef');
});

t.test('the marks of the orchestrators around us are kept, rubbish is not', async (t) => {
  const callerEnv = { ORCHESTRATOR_TREES: 'outer-0123456789abcdef:x y:' };
  t.equal(build({ callerEnv }).env.ORCHESTRATOR_TREES, 'outer-0123456789abcdef:ours-0123456789abcdef');
});

t.test('Windows gets what its programs need, in any case of letters', async (t) => {
  const { env } = build({
    platform: 'win32',
    callerEnv: { SystemRoot: 'C:\\Windows', Path: 'C:\\', X: '1' },
  });
  t.match(env, { SystemRoot: 'C:\\Windows', Path: 'C:\\' });
  t.notOk('X' in env);
});

t.test("a token that gates are read with reaches a child by its role's own word alone", async (t) => {
  const withheld = new Set(['GITHUB_TOKEN']);
  for (const more of [{ inherit: true }, { pass: () => true }]) {
    const built = build({ withheld, ...more });
    t.equal(built.env.GITHUB_TOKEN, undefined);
    t.strictSame(built.passedSecrets, []);
    t.equal(built.env.EXTRA, '1', 'others arrive');
  }
  t.equal(build({ withheld, roleEnv: { GITHUB_TOKEN: 'another' } }).env.GITHUB_TOKEN, 'another');
});
