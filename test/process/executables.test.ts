import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { resolveExecutable } from '../../src/process/executables.ts';
import { identifyExecutable } from '../../src/process/identify-executable.ts';
import { scriptArgument } from '../../src/process/script-argument.ts';

t.test('a binary is found by path or on PATH, as the child would find it', async (t) => {
  const folder = t.testdir({ bin: { tool: '#!/bin/sh\n' }, other: { tool: 'not executable' } });
  const tool = join(folder, 'bin/tool');
  chmodSync(tool, 0o755);
  const options = { path: `${folder}/other:${folder}/bin`, cwd: folder };
  t.strictSame(resolveExecutable('tool', options), { ok: true, value: tool });
  t.strictSame(resolveExecutable(tool, options), { ok: true, value: tool });
  t.strictSame(resolveExecutable('bin/tool', options), { ok: true, value: tool });
  t.strictSame(resolveExecutable('tool', { path: 'bin', cwd: folder }), { ok: true, value: tool });
  t.match(resolveExecutable(process.execPath, options), { ok: true });
});

t.test('what cannot be executed is refused with the reason', async (t) => {
  const folder = t.testdir({
    folder: {},
    plain: '#!/bin/sh\n',
    empty: '',
    text: 'echo hello\n',
    lost: '#!/nonexistent/python -u\n',
    named: '#!/usr/bin/env -S no-such-program -x\n',
    dos: '#!/bin/sh\r\necho\r\n',
  });
  for (const name of ['empty', 'text', 'lost', 'named', 'dos']) chmodSync(join(folder, name), 0o755);
  const cases: [string, string, RegExp][] = [
    ['', 'ENOENT', /empty name/],
    ['no-such-program', 'ENOENT', /no-such-program was not found on PATH/],
    [join(folder, 'missing'), 'ENOENT', /missing does not exist/],
    [join(folder, 'folder'), 'EISDIR', /is a folder/],
    [join(folder, 'plain'), 'EACCES', /not executable/],
    ['/dev/null', 'EACCES', /not a regular file/],
    [join(folder, 'empty'), 'ENOEXEC', /is empty/],
    [join(folder, 'text'), 'ENOEXEC', /without a #! line/],
    [join(folder, 'lost'), 'ENOEXEC', /interpreter \/nonexistent\/python,/],
    [join(folder, 'named'), 'ENOEXEC', /interpreter no-such-program, which is not on PATH/],
    [join(folder, 'dos'), 'ENOEXEC', /carriage return/],
  ];
  for (const [bin, errno, message] of cases) {
    const found = resolveExecutable(bin, { path: process.env.PATH ?? '', cwd: folder });
    t.match(found, { ok: false, failure: { errno, message } }, bin);
  }
});

t.test('the script among the arguments of an interpreter is found', async (t) => {
  const cases: [string, string | null][] = [
    ['/bin/sh run.sh a', 'run.sh'],
    ['/bin/bash -euo pipefail run.sh', 'run.sh'],
    ['/bin/bash -x -- -odd.sh', '-odd.sh'],
    ['/bin/sh -c run.sh', null],
    ['/bin/sh -ec run.sh', null],
    ['/usr/bin/node --require x.js --no-warnings main.js', 'main.js'],
    ['/usr/bin/node --import=x.js main.js', 'main.js'],
    ['/usr/bin/nodejs -e 1 main.js', null],
    ['/usr/bin/node --eval=1 main.js', null],
    ['/usr/bin/python3.12 -W ignore -u tool.py', 'tool.py'],
    ['/usr/bin/python3 -m tool', null],
    ['/usr/bin/python3 -Bc 1', null],
    ['/usr/bin/deno run -A --config c.json main.ts', 'main.ts'],
    ['/usr/bin/deno main.ts', 'main.ts'],
    ['/usr/bin/bun run main.ts', 'main.ts'],
    ['/usr/bin/ruby -rtime a.rb', 'a.rb'],
    ['/usr/bin/perl -MTime -w a.pl', 'a.pl'],
    ['/usr/bin/perl -ne 1 a.pl', null],
    ['/usr/bin/php -d a=b a.php', 'a.php'],
    ['/usr/bin/env -u X A=1 node main.js', 'main.js'],
    ['/bin/busybox sh run.sh', 'run.sh'],
    ['/bin/busybox', null],
    ['/usr/bin/env A=1', null],
    ['/bin/sh', null],
    ['/usr/bin/make run.sh', null],
  ];
  for (const [line, script] of cases) {
    const [file = '', ...args] = line.split(' ');
    t.equal(scriptArgument(file, args), script, line);
  }
});

t.test('binary and script are recorded by SHA-256 and size', async (t) => {
  const folder = t.testdir({ 'run.sh': 'exit 0\n' });
  const cache = { digests: new Map<string, string>(), now: () => Date.now() };
  const command = { file: '/bin/sh', args: ['run.sh'], cwd: folder };
  const sha256 = createHash('sha256').update('exit 0\n').digest('hex');
  const found = identifyExecutable(command, cache);
  t.match(found, { ok: true, value: { script: { path: join(folder, 'run.sh'), sha256, bytes: 7 } } });
  const binary = createHash('sha256').update(readFileSync('/bin/sh')).digest('hex');
  t.match(found, { value: { binary: { path: '/bin/sh', sha256: binary } } });
  t.match(identifyExecutable({ ...command, args: ['gone.sh'] }, cache), {
    ok: true,
    value: { script: null },
  });
  t.match(identifyExecutable({ ...command, file: folder }, cache), {
    ok: false,
    failure: /not a regular file/,
  });
  t.match(identifyExecutable({ ...command, file: `${folder}/no` }, cache), { ok: false, failure: /ENOENT/ });
});

t.test('a digest is remembered only for a file that has not changed just now', async (t) => {
  const folder = t.testdir({ tool: 'one' });
  const file = join(folder, 'tool');
  const command = { file, args: [], cwd: folder };
  const fresh = { digests: new Map<string, string>(), now: () => Date.now() };
  identifyExecutable(command, fresh);
  t.equal(fresh.digests.size, 0);
  const later = { digests: new Map<string, string>(), now: () => Date.now() + 60_000 };
  const before = identifyExecutable(command, later);
  t.equal(later.digests.size, 1);
  t.strictSame(identifyExecutable(command, later), before);
  writeFileSync(file, 'two');
  utimesSync(file, 1, 1);
  t.notMatch(identifyExecutable(command, later), before, 'a change with old times shows in ctime');
});
