import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, openSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import t from 'tap';
import { readDescriptor } from '../../src/store/read-descriptor.ts';
import { readStateKey } from '../../src/store/read-state-key.ts';

const TEXT = `${'0123456789abcdef'.repeat(4)}\n`;

async function said(path: string): Promise<string> {
  const read = await readStateKey({ from: 'file', path });
  if (read.ok) return read.value.id;
  t.equal(read.failure.reason, 'precondition');
  return `${read.failure.message}; ${read.failure.remedy}`;
}

t.test('a key is read from a file that only its owner can read, through a link too', async (t) => {
  const file = join(t.testdir(), 'key');
  writeFileSync(file, TEXT, { mode: 0o600 });
  const id = await said(file);
  t.match(id, /^[0-9a-f]{16}$/);
  chmodSync(file, 0o400);
  symlinkSync(file, `${file}.link`);
  t.equal(await said(`${file}.link`), id);
});

t.test('a file that others can read is refused with the command that mends it', async (t) => {
  const file = join(t.testdir(), 'key');
  writeFileSync(file, TEXT);
  for (const mode of [0o644, 0o640, 0o604, 0o610, 0o602]) {
    chmodSync(file, mode);
    t.match(await said(file), `got mode 0${mode.toString(8)}; chmod 600 ${file}`);
  }
});

t.test('what cannot be a key is refused, each with what was expected', async (t) => {
  const dir = t.testdir();
  const at = (name: string) => join(dir, name);
  writeFileSync(at('empty'), '', { mode: 0o600 });
  writeFileSync(at('short'), 'x'.repeat(31), { mode: 0o600 });
  writeFileSync(at('long'), '', { mode: 0o600 });
  truncateSync(at('long'), 2 ** 30);
  mkdirSync(at('folder'), { mode: 0o700 });
  spawnSync('mkfifo', ['-m', '600', at('pipe')]);
  t.match(await said(at('empty')), 'expected a key of 32 to 4096 bytes, got 0');
  t.match(await said(at('short')), 'got 31');
  t.match(await said(at('long')), 'expected a key of 32 to 4096 bytes');
  t.match(await said(at('folder')), 'expected a regular file, got a folder');
  t.match(await said(at('pipe')), 'expected a regular file, got a named pipe');
  t.match(await said(at('none')), 'no such file or folder');
  t.match(await said('/dev/zero'), 'expected a regular file, got a device');
});

t.test('a descriptor is read to its end and closed', async (t) => {
  const file = join(t.testdir(), 'key');
  writeFileSync(file, TEXT, { mode: 0o644 });
  const fd = openSync(file, 'r');
  const read = await readStateKey({ from: 'descriptor', fd });
  t.ok(read.ok, 'whatever its mode: the caller has opened it');
  t.match(await readDescriptor(fd, 10), { ok: false, failure: { problem: /expected an open descriptor/ } });
});

/** Reads its own descriptor 0, at the other end of which is this process. */
function reader(limitMs: number) {
  const source = `import { readDescriptor } from '${import.meta.dirname}/../../src/store/read-descriptor.ts';
    const read = await readDescriptor(0, 4096, ${limitMs});
    console.log(read.ok ? read.value.toString() : read.failure.problem);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source]);
  const said = text(child.stdout);
  return { child, said };
}

t.test('a socket is read to its end, in whatever pieces it comes', async (t) => {
  const { child, said } = reader(60_000);
  child.stdin.write(TEXT.slice(0, 10));
  child.stdin.end(TEXT.slice(10));
  t.equal((await said).trim(), TEXT.trim());
});

t.test('one that is never closed is given up', async (t) => {
  const { child, said } = reader(50);
  t.equal((await said).trim(), 'expected its end within 50 ms, got none');
  child.stdin.destroy();
});

t.test('a pipe that this process can write to, and a device, are not read', async (t) => {
  const pipe = join(t.testdir(), 'pipe');
  spawnSync('mkfifo', [pipe]);
  const endless = await readDescriptor(openSync(pipe, 'r+'), 10);
  t.match(endless, { ok: false, failure: { problem: /got one without an end/ } });
  const device = await readDescriptor(openSync('/dev/zero', 'r'), 10);
  t.match(device, { ok: false, failure: { problem: /got a device/ } });
});
