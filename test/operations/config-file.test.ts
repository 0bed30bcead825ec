import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readConfigFile } from '../../src/operations/config-file.ts';

const folder = t.testdir({});
let count = 0;

async function read(content: string | Buffer, extension = 'yaml') {
  count += 1;
  const name = `${count}.${extension}`;
  writeFileSync(join(folder, name), content);
  const result = await readConfigFile(name, folder);
  return result.ok ? result.value.document : result.failure.map((line) => line.slice(name.length));
}

t.test('YAML and JSON say the same', async (t) => {
  const document = { manager: { bin: './m', args: ['-c', '007'], env: { PORT: '8080' } }, timeout_ms: 5 };
  t.strictSame(await read(JSON.stringify(document), 'json'), document);
  const yaml = 'manager:\n  bin: ./m\n  args: [-c, "007"]\n  env: { PORT: "8080" }\ntimeout_ms: 5\n';
  t.strictSame(await read(yaml), document);
  t.strictSame(await read(yaml, 'YML'), document);
  t.strictSame(await read(`\ufeff${yaml.replaceAll('\n', '\r\n')}`), document, 'a byte order mark and CRLF');
  t.strictSame(await read(`\ufeff${JSON.stringify(document)}\r\n`, 'json'), document);
  t.strictSame(await read('# nothing but a comment\n'), {});
});

t.test('a mistake is named with its place, its key and what was expected', async (t) => {
  const cases: [string, string[]][] = [
    ['timeout_ms: abc', [':1:1: timeout_ms: expected a whole number from 1 to 2147483647, got a text']],
    ['\ntimeout_ms: 0', [':2:1: timeout_ms: expected a whole number from 1 to 2147483647, got the number 0']],
    ['inherit_env: yes', [':1:1: inherit_env: expected true or false, got a text']],
    [
      'manager:\n  env:\n    PORT: 8080',
      [':3:5: manager.env.PORT: expected a text, got the number 8080: put it in quotes'],
    ],
    [
      'manager: {args: [a, 7]}',
      [':1:21: manager.args[1]: expected a text, got the number 7: put it in quotes'],
    ],
    [
      'manager: {env: {"A=B": x}}',
      [':1:17: manager.env.A=B: expected the name of a variable: not empty, without "=" or NUL'],
    ],
    [
      'manager: {bin: "a\\0b"}',
      [':1:11: manager.bin: expected the path or name of a program without NUL, got a text'],
    ],
    ['manager: {bin: ""}', [':1:11: manager.bin: expected the path or name of a program, got an empty text']],
    [
      'executor:',
      [
        ':1:1: executor: expected a mapping with bin, args, env, expected_artifacts, timeout_ms, sandbox, sandbox_network, or with agent and prompt, got null',
      ],
    ],
    [
      'validation: [{args: [a]}]',
      [':1:14: validation[0].bin: expected the path or name of a program, got nothing'],
    ],
    [
      'manager: {expected_artifacts: [{pth: x, path: a}]}',
      [':1:33: manager.expected_artifacts[0].pth: not a key of this format (did you mean path?)'],
    ],
    [
      'manager: {expected_artifacts: [3]}',
      [
        ':1:32: manager.expected_artifacts[0]: expected a path, or a mapping with path and schema, got the number 3',
      ],
    ],
    [
      'gate_max_age: 24',
      [':1:1: gate_max_age: expected a duration such as 500ms, 90s, 30m, 24h or 7d, got the number 24'],
    ],
    ['timeoutMs: 5', [':1:1: timeoutMs: not a key of this format (did you mean timeout_ms?)']],
    [
      'foo: 1\ntimeout-ms: 5\n',
      [
        ':1:1: foo: not a key of this format',
        ':2:1: timeout-ms: not a key of this format (did you mean timeout_ms?)',
      ],
    ],
    ['[]', [':1:1: expected a mapping of settings, got a list']],
  ];
  for (const [yaml, expected] of cases) t.strictSame(await read(yaml), expected, yaml);
});

t.test('a value that may be a secret is never repeated', async (t) => {
  const lines = await read('manager: {env: {TOKEN: [c4n4ry]}, args: [{a: c4n4ry}], bin: [c4n4ry]}');
  t.notMatch(JSON.stringify(lines), /c4n4ry/);
});

t.test('a file can assert no gate and belongs to no one invocation', async (t) => {
  for (const key of ['policy_status', 'ci_status', 'review_status', 'policy-status']) {
    t.match(
      await read(`${key}: allow`),
      [/a gate assertion is made by the operator, on the command line only/],
      key,
    );
  }
  for (const key of [
    'resume',
    'rerun_from',
    'accept_changed_binary',
    'break_lock',
    'simulate_blocked',
    'dry_run',
    'out_dir',
  ]) {
    t.match(await read(`${key}: x`), [/it belongs to one invocation/], key);
  }
});

t.test('YAML that can be understood in two ways is refused', async (t) => {
  const cases: [string, RegExp][] = [
    ['timeout_ms: 1\ntimeout_ms: 2', /:2:1: the key "timeout_ms" is there twice/],
    ['manager: &a {bin: x}\nexecutor: *a', /an anchor \(&\) is not accepted/],
    ['manager: !!map {bin: x}', /a tag \(!\) is not accepted/],
    ['manager: !foo {bin: x}', /Unresolved tag/],
    ['%YAML 1.1\n---\ninherit_env: yes', /a YAML directive \(%\) is not accepted/],
    ['---\ntimeout_ms: 1\n---\ntimeout_ms: 2', /expected one YAML document, got several/],
    ['<<: {timeout_ms: 1}', /<<: not a key/],
    ['? [a]\n: b', /keys must be strings/],
    ['manager: {env: {__proto__: x}}', /the word __proto__ is not accepted/],
    ['\ttimeout_ms: 1', /Tabs are not allowed/],
    ['manager: {bin: [', /is not YAML/],
  ];
  for (const [yaml, expected] of cases) t.match(await read(yaml), [expected], yaml);
});

t.test('JSON is strict', async (t) => {
  t.match(await read('{"timeout_ms": 1, "timeout_ms": 2}', 'json'), [/the key "timeout_ms" is there twice/]);
  t.match(await read('{"timeout_ms": 1,}', 'json'), [/is not strict JSON/]);
  t.match(await read('{"__proto__": {}}', 'json'), [/__proto__/]);
  t.match(await read('', 'json'), [/is not strict JSON/]);
  t.match(await read('{\n "timeout_ms": "x"}', 'json'), [/^:2:2: timeout_ms: expected/]);
});

t.test('what is nested to do harm is refused at once', async (t) => {
  for (const text of ['[', '{a: ', '- ', '? ']) {
    t.match(await read(text.repeat(100_000)), [/is nested deeper than 32 levels/], text);
  }
  t.match(await read('['.repeat(100_000), 'json'), [/is not strict JSON/]);
  t.match(await read(`{"a":1,"a":${'['.repeat(100_000)}`, 'json'), [/is not strict JSON/]);
  const tower = Array.from({ length: 1000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n');
  t.match(await read(tower), [/is nested deeper/]);
});

t.test('only a regular file of a known name and size is read', async (t) => {
  const refused = async (path: string) => {
    const result = await readConfigFile(path, folder);
    return result.ok ? 'accepted' : result.failure[0];
  };
  mkdirSync(join(folder, 'dir.yaml'));
  execFileSync('mkfifo', [join(folder, 'fifo.yaml')]);
  symlinkSync('/dev/zero', join(folder, 'zero.yaml'));
  writeFileSync(join(folder, 'real.yaml'), 'timeout_ms: 7');
  symlinkSync('real.yaml', join(folder, 'link.yaml'));
  t.equal(await refused('dir.yaml'), 'dir.yaml: expected a regular file, got a folder');
  t.equal(await refused('fifo.yaml'), 'fifo.yaml: expected a regular file, got a named pipe');
  t.equal(await refused('zero.yaml'), 'zero.yaml: expected a regular file, got a device');
  t.equal(await refused('none.yaml'), 'none.yaml: cannot be read: no such file or folder (ENOENT)');
  t.equal(await refused('real.toml'), 'real.toml: expected a file name that ends in .json, .yaml or .yml');
  t.equal(await refused('link.yaml'), 'accepted', 'a link to a regular file');
  t.match(await read(`# ${'x'.repeat(1024 * 1024)}`), [/expected at most 1048576 bytes, got more/]);
  t.match(await read(Buffer.from([0x61, 0x3a, 0x20, 0xff])), [/is not UTF-8/]);
  t.match(await read(Buffer.from('timeout_ms: 1', 'utf16le')), [/got a text/]);
});
