import { fileURLToPath } from 'node:url';
import t from 'tap';
import { COMMANDS, REPORT_FORMATS } from '../../src/cli/commands.ts';
import { CONFIG_OPERATIONS } from '../../src/cli/config-operations.ts';
import { dispatch } from '../../src/cli/dispatch.ts';
import type { Operations } from '../../src/cli/operations.ts';
import { failure } from '../../src/core/failure.ts';
import { fail, ok } from '../../src/core/result.ts';
import { PRINTED_FORMATS } from '../../src/operations/report.ts';
import { VERSION } from '../../src/system/version.ts';

async function cli(argv: readonly string[], cwd = '/caller') {
  const called: [string, unknown][] = [];
  let stdout = '';
  let stderr = '';
  const note = (name: string, code: number) => async (request: unknown) => {
    called.push([name, request]);
    return ok(code);
  };
  const operations: Operations = {
    ...CONFIG_OPERATIONS,
    run: note('run', 3),
    dryRun: note('dryRun', 0),
    report: note('report', 0),
    explain: note('explain', 0),
    approve: note('approve', 0),
    doctor: note('doctor', 0),
    list: note('list', 0),
    diff: note('diff', 0),
    clean: note('clean', 0),
    verify: async (request) => {
      called.push(['verify', request]);
      return fail(failure('locked', 'held by\u001b[2J pid 7', { remedy: 'wait' }));
    },
  };
  const context = {
    cwd,
    env: {},
    columns: null,
    script: fileURLToPath(new URL('../../src/main.ts', import.meta.url)),
    stdout: (text: string) => {
      stdout += text;
    },
    stderr: (text: string) => {
      stderr += text;
    },
  };
  const code = await dispatch({ argv, context, operations });
  return { code, stdout, stderr, called };
}

t.test('a run answers with the exit code of its operation', async (t) => {
  const { code, called } = await cli(['run', 'o', '--manager-bin', 'm']);
  t.equal(code, 3);
  t.match(called, [['run', { outDir: '/caller/o' }]]);
  t.match((await cli(['--manager-bin', 'm', '--dry-run'])).called, [['dryRun', { outDir: '/caller/out' }]]);
});

t.test('the commands beside the run get what was typed, an out_dir always as a path', async (t) => {
  const place = { outDir: './out', checkpointPath: null, stateKey: null };
  const unsigned = { keys: [], keyThreshold: 1 };
  t.strictSame((await cli(['report', 'report', '--format', 'json'])).called, [
    ['report', { ...place, outDir: './report', format: 'json' }],
  ]);
  t.strictSame((await cli(['report'])).called, [['report', { ...place, format: 'text' }]]);
  t.strictSame((await cli(['explain', '../x', '--json'])).called, [
    ['explain', { ...place, outDir: '../x', json: true }],
  ]);
  t.strictSame((await cli(['verify', '--checkpoint-path', 'c'])).called, [
    ['verify', { ...place, checkpointPath: 'c', json: false, requireAuthentic: false, ...unsigned }],
  ]);
  const key = ['--state-key-file', 'k'];
  t.strictSame((await cli(['verify', '--require-authentic', ...key])).called, [
    [
      'verify',
      {
        ...place,
        stateKey: { from: 'file', path: '/caller/k' },
        json: false,
        requireAuthentic: true,
        ...unsigned,
      },
    ],
  ]);
});

t.test('verify takes several keys, and a threshold only over keys', async (t) => {
  const { called } = await cli(['verify', '--key', 'a', '--key', '/b', '--key-threshold', '2']);
  t.match(called, [['verify', { keys: ['/caller/a', '/b'], keyThreshold: 2 }]]);
  const alone = await cli(['verify', '--key-threshold', '2']);
  t.equal(alone.code, 2);
  t.match(alone.stderr, '--key-threshold: expected --key as well');
});

t.test('the formats that report offers are those that it prints', (t) => {
  t.strictSame(REPORT_FORMATS, PRINTED_FORMATS);
  t.end();
});

t.test("a failure is one harmless line, and the exit code is the failure's", async (t) => {
  const { code, stderr, stdout } = await cli(['verify']);
  t.equal(code, 75);
  t.equal(stderr, 'orchestrator: held by\\x1b[2J pid 7; wait\n');
  t.equal(stdout, '');
});

t.test('a usage error is exit 2, one line on stderr, nothing on stdout, and no operation', async (t) => {
  const lines = [
    ['--timeout-ms', 'abc'],
    ['gaps'],
    ['config'],
    ['config', 'validate'],
    ['schema', 'a', 'b'],
    ['schema', 'cofig'],
    ['report', 'a', 'b'],
    ['report', '--format', 'htm'],
    ['report', '--resume'],
    ['explain', '--checkpoint-path='],
    ['help', 'reprot'],
    ['help', 'gaps'],
    ['help', '--manager-bin', 'x'],
    ['--\u001b[31m\nred'],
  ];
  for (const argv of lines) {
    const { code, stdout, stderr, called } = await cli(argv);
    t.equal(code, 2, argv.join(' '));
    t.equal(stdout, '');
    t.match(stderr, /^orchestrator: [\x20-\x7e]+\n$/, argv.join(' '));
    t.strictSame(called, []);
  }
});

t.test('help and version win over what else is wrong, and run nothing', async (t) => {
  const asked = [
    ['--help'],
    ['-h'],
    ['--frob', '--help'],
    ['--timeout-ms', '--help'],
    ['config', '--help'],
    ['help'],
  ];
  for (const argv of asked) {
    const { code, stdout, stderr, called } = await cli(argv);
    t.equal(code, 0, argv.join(' '));
    t.ok(stdout.startsWith(COMMANDS.run.usage), argv.join(' '));
    t.equal(stderr, '');
    t.strictSame(called, []);
  }
  t.ok((await cli(['report', '--help'])).stdout.startsWith(COMMANDS.report.usage));
  t.ok((await cli(['help', 'config', 'init'])).stdout.startsWith(COMMANDS['config init'].usage));
  t.equal((await cli(['verify', '-V'])).stdout, `${VERSION}\n`);
});

t.test('what looks like help inside a value is a value', async (t) => {
  const { called } = await cli(['--manager-bin', 'm', '--manager-arg', '--help', '--manager-arg=-V']);
  t.match(called, [['run', { given: { roles: { manager: { args: { value: ['--help', '-V'] } } } } }]]);
});

t.test('config init, validate and print work on a file, and schema prints one', async (t) => {
  const cwd = t.testdir({});
  t.equal((await cli(['config', 'init'], cwd)).code, 0);
  t.equal((await cli(['config', 'init'], cwd)).code, 2, 'never overwritten');
  t.strictSame(await cli(['config', 'validate', 'orchestrator.yaml'], cwd), {
    code: 0,
    stdout: 'orchestrator.yaml: valid\n',
    stderr: '',
    called: [],
  });
  t.match(
    (await cli(['config', 'print', 'orchestrator.yaml'], cwd)).stdout,
    /kill_grace_ms: 5000 {2}# default/,
  );
  t.match((await cli(['--config', 'orchestrator.yaml', '--print-config'], cwd)).stdout, /# out_dir: /);
  t.equal(JSON.parse((await cli(['schema', 'config'])).stdout).$id, 'urn:orchestrator:schema:config:1');
  t.match((await cli(['schema'])).stdout, /^config\n/);
});
