/**
 * The executable as a pipeline meets it: elsewhere, with nothing around it, or with an environment that would
 * make a stock Node do other things. `make test` builds it first.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { uses } from '../../src/build/uses.ts';
import { VERSION } from '../../src/system/version.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const EXECUTABLE = join(ROOT, 'bin/orchestrator');
const ALL_PASS = ['--policy-status', 'allow', '--ci-status', 'success', '--review-status', 'approved'];

if (!existsSync(EXECUTABLE)) {
  t.fail('bin/orchestrator is not there: make build');
  process.exit();
}

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(
  args: readonly string[],
  {
    command = EXECUTABLE,
    cwd = '/',
    env = {},
  }: { command?: string; cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Outcome {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { code: status, stdout, stderr };
}

/** A folder that lies in no work tree, as `t.testdir()` does: in an empty environment there is no git to ask. */
function folderOutside(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'orchestrator-test-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'repository'));
  return folder;
}

t.test('the version is the one in package.json', async (t) => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  t.equal(VERSION, version);
  t.strictSame(run(['--version']), { code: 0, stdout: `${version}\n`, stderr: '' });
  t.strictSame(run(['-V']), { code: 0, stdout: `${version}\n`, stderr: '' });
});

t.test('a copy works from any folder, through a link, in an empty environment', async (t) => {
  const folder = folderOutside(t);
  mkdirSync(join(folder, 'a folder'));
  const copy = join(folder, 'a folder', 'the copy');
  const link = join(folder, 'link');
  copyFileSync(EXECUTABLE, copy);
  symlinkSync(join('a folder', 'the copy'), link);
  for (const cwd of ['/', folder]) t.equal(run(['--version'], { command: link, cwd }).stdout, `${VERSION}\n`);
  for (const { name, args } of uses(folder)) {
    const outcome = run(args, { command: link });
    t.equal(outcome.code, 0, `${name}: ${outcome.stderr}`);
  }
});

t.test('a module system around it is of no interest to it', async (t) => {
  const hostile = 'throw new Error("code of the working directory has run")';
  const cwd = t.testdir({
    'package.json': '{"type":"module","yargs":{"parse-numbers":true},"main":"index.js"}',
    'index.js': hostile,
    node_modules: { zod: { 'index.js': hostile }, yargs: { 'index.js': hostile } },
    locales: { 'en.json': '{"Options:":"HIJACKED"}', 'en_US.json': '{"Options:":"HIJACKED"}' },
  });
  t.strictSame(run(['--help'], { cwd }), run(['--help']));
  t.strictSame(
    run(['--help'], { cwd, env: { LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' } }),
    run(['--help']),
  );
});

t.test('what the environment tells Node changes nothing', async (t) => {
  const folder = t.testdir({ 'inject.cjs': 'process.stdout.write("INJECTED"); process.exitCode = 0;' });
  const inject = join(folder, 'inject.cjs');
  const variables: readonly (readonly [name: string, value: string])[] = [
    ['NODE_OPTIONS', `--require=${inject}`],
    ['NODE_OPTIONS', `--import=${inject}`],
    ['NODE_OPTIONS', '--inspect=0'],
    ['NODE_OPTIONS', '--inspect-brk=0'],
    ['NODE_OPTIONS', '--no-such-option'],
    ['NODE_OPTIONS', '--max-old-space-size=1'],
    ['NODE_OPTIONS', `--cpu-prof --cpu-prof-dir=${folder}`],
    ['NODE_OPTIONS', '--throw-deprecation'],
    ['NODE_PATH', folder],
    ['NODE_ENV', 'test'],
    ['NODE_NO_WARNINGS', '1'],
    ['NODE_PENDING_DEPRECATION', '1'],
    ['NODE_PRESERVE_SYMLINKS_MAIN', '1'],
    ['NODE_ICU_DATA', '/nonexistent'],
    ['NODE_TEST_CONTEXT', 'child-v8'],
    ['NODE_UNIQUE_ID', '1'],
    ['NODE_USE_ENV_PROXY', '1'],
    ['NODE_TLS_REJECT_UNAUTHORIZED', '0'],
    ['NODE_EXTRA_CA_CERTS', '/nonexistent'],
    ['PKG_EXECPATH', inject],
    ['LOG_TOKENS', '1'],
  ];
  const uses = [['--version'], ['--no-such-flag']];
  const plain = uses.map((args) => run(args));
  for (const [name, value] of variables) {
    const outcomes = uses.map((args) => run(args, { env: { [name]: value } }));
    t.strictSame(outcomes, plain, `${name}=${value}`);
  }
  t.strictSame(readdirSync(folder), ['inject.cjs'], 'nothing was written');
});

t.test('the options of Node are no options here', async (t) => {
  const options = [
    ['--inspect'],
    ['--inspect-brk=0'],
    ['--eval', 'process.exitCode = 0'],
    ['-e', '0'],
    ['--require=/nonexistent'],
    ['--node-options=--version'],
    ['--experimental-sea-config', 'x'],
    ['--v8-options'],
  ];
  for (const args of options) {
    const outcome = run(args);
    t.equal(outcome.code, 2, args.join(' '));
    t.notMatch(outcome.stderr, /Debugger listening/);
  }
});

t.test('SIGUSR1 opens no debugger and does not disturb a run', async (t) => {
  const folder = folderOutside(t);
  const started = join(folder, 'started');
  const go = join(folder, 'go');
  const script = `touch '${started}'; until [ -e '${go}' ]; do sleep 0.05; done`;
  const child = spawn(
    EXECUTABLE,
    [
      join(folder, 'out'),
      ...['--repo-root', join(folder, 'repository'), '--manager-bin', '/bin/sh'],
      ...['--manager-arg', '-c', '--manager-arg', script, ...ALL_PASS],
    ],
    { cwd: folder, env: { PATH: '/usr/bin:/bin' }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  t.teardown(() => child.kill('SIGKILL'));
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const closed = once(child, 'close');
  const deadline = Date.now() + 30_000;
  while (!existsSync(started) && child.exitCode === null && Date.now() < deadline) await pause(10);
  t.ok(existsSync(started), 'the stage runs');
  child.kill('SIGUSR1');
  writeFileSync(go, '');
  const [code] = await closed;
  t.equal(code, 0, stderr);
  t.notMatch(stderr, /Debugger listening/);
});

t.test('a child named node is the one on PATH, not the executable', async (t) => {
  const folder = folderOutside(t);
  mkdirSync(join(folder, 'tools'));
  writeFileSync(join(folder, 'tools', 'node'), `#!/bin/sh\nenv > '${folder}/seen'\n`, { mode: 0o755 });
  const outcome = run(
    [join(folder, 'out'), '--repo-root', join(folder, 'repository'), '--manager-bin', 'node', ...ALL_PASS],
    { env: { PATH: `${join(folder, 'tools')}:/usr/bin:/bin` } },
  );
  t.equal(outcome.code, 0, outcome.stderr);
  t.notMatch(readFileSync(join(folder, 'seen'), 'utf8'), /PKG_|NODE_/);
});
