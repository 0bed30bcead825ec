import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { durableWrite, removeLeftoverTemps, tempName, writeNewFile } from '../../src/store/durable-write.ts';
import { randomHex } from '../fixtures/store/random-hex.ts';
import { fillDisk, NO_SMALL_DISK, smallDisk } from '../fixtures/store/small-disk.ts';

const options = { random: randomHex };
const IS_ROOT = process.getuid?.() === 0 ? 'root may write everywhere' : false;

t.test('a document is created and replaced, and nothing else stays in its folder', async (t) => {
  const folder = t.testdir();
  const file = join(folder, 'report.json');
  t.strictSame(durableWrite(file, 'one', options), { ok: true, value: undefined });
  t.strictSame(durableWrite(file, Buffer.from('zwei é'), options), { ok: true, value: undefined });
  t.equal(readFileSync(file, 'utf8'), 'zwei é');
  t.strictSame(readdirSync(folder), ['report.json']);
});

t.test('a large document arrives whole, an empty one too', async (t) => {
  const folder = t.testdir();
  const large = Buffer.alloc(9 * 1024 * 1024, 'abc');
  t.ok(durableWrite(join(folder, 'large'), large, options).ok);
  t.ok(readFileSync(join(folder, 'large')).equals(large));
  t.ok(durableWrite(join(folder, 'empty'), '', options).ok);
  t.equal(statSync(join(folder, 'empty')).size, 0);
});

t.test('the mode is the one asked for, whatever the old file had', async (t) => {
  const file = join(t.testdir({ f: 'old' }), 'f');
  chmodSync(file, 0o4777);
  t.ok(durableWrite(file, 'new', { random: randomHex, mode: 0o600 }).ok);
  t.equal(statSync(file).mode & 0o7777, 0o600);
});

t.test('a symbolic link in the place is refused and its target untouched', async (t) => {
  const folder = t.testdir({ victim: 'precious' });
  symlinkSync('victim', join(folder, 'doc'));
  const written = durableWrite(join(folder, 'doc'), 'x', options);
  t.match(written, {
    ok: false,
    failure: { reason: 'evidence_unwritable', message: /a symbolic link is in its place/ },
  });
  t.equal(readFileSync(join(folder, 'victim'), 'utf8'), 'precious');
});

t.test('a folder or a named pipe in the place is refused', async (t) => {
  const folder = t.testdir({ doc: {} });
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  t.match(durableWrite(join(folder, 'doc'), 'x', options), {
    failure: { message: /a folder is in its place/ },
  });
  t.match(durableWrite(join(folder, 'pipe'), 'x', options), { failure: { message: /a named pipe/ } });
});

t.test('a second name of the old file keeps the old content', async (t) => {
  const folder = t.testdir({ doc: 'old' });
  linkSync(join(folder, 'doc'), join(folder, 'other'));
  t.ok(durableWrite(join(folder, 'doc'), 'new', options).ok);
  t.equal(readFileSync(join(folder, 'other'), 'utf8'), 'old');
});

t.test('a planted link at the temporary name is not followed', async (t) => {
  const folder = t.testdir({ victim: 'precious' });
  symlinkSync(
    join(folder, 'victim'),
    join(
      folder,
      tempName('doc', () => '0123456789abcdef'),
    ),
  );
  const written = durableWrite(join(folder, 'doc'), 'x', { random: () => '0123456789abcdef' });
  t.match(written, { ok: false, failure: { message: /EEXIST/ } });
  t.equal(readFileSync(join(folder, 'victim'), 'utf8'), 'precious');
  t.notOk(existsSync(join(folder, 'doc')));
});

t.test('a folder that is missing, or a file, is named with its errno and a remedy', async (t) => {
  const folder = t.testdir({ file: '' });
  const missing = durableWrite(join(folder, 'no/doc'), 'x', options);
  t.match(missing, {
    failure: { message: /no\/doc: no such file or folder \(ENOENT\)/, remedy: /--resume/ },
  });
  t.match(durableWrite(join(folder, 'file/doc'), 'x', options), { failure: { message: /ENOTDIR/ } });
});

t.test('a name that is too long fails without leaving anything', async (t) => {
  const folder = t.testdir();
  t.match(durableWrite(join(folder, 'n'.repeat(250)), 'x', options), {
    failure: { message: /ENAMETOOLONG/ },
  });
  t.strictSame(readdirSync(folder), []);
});

t.test('randomness that is not 16 hexadecimal digits is a bug', async (t) => {
  t.throws(() => tempName('doc', () => '../../etc/passwd'));
});

t.test('a new file must not exist', async (t) => {
  const file = join(t.testdir({ f: 'old' }), 'f');
  t.throws(() => writeNewFile(file, Buffer.from('new'), 0o600), { code: 'EEXIST' });
  t.equal(readFileSync(file, 'utf8'), 'old');
});

t.test('only our own leftovers are removed, and only files', async (t) => {
  const folder = t.testdir({
    '.a.json.0123456789abcdef.tmp': '',
    '.b.json.0123456789abcdef.tmp': '',
    '.a.json.0123.tmp': '',
    'a.json.0123456789abcdef.tmp': '',
    '.a.json.0123456789ABCDEF.tmp': '',
    'a.json': '',
  });
  mkdirSync(join(folder, '.dir.0123456789abcdef.tmp'));
  symlinkSync('a.json', join(folder, '.link.0123456789abcdef.tmp'));
  t.strictSame(removeLeftoverTemps(folder, ['b.json']), ['.b.json.0123456789abcdef.tmp']);
  t.strictSame(removeLeftoverTemps(folder), ['.a.json.0123456789abcdef.tmp']);
  t.equal(readdirSync(folder).length, 6);
  t.strictSame(removeLeftoverTemps(join(folder, 'none')), []);
});

t.test('a folder without write permission is refused', { skip: IS_ROOT }, async (t) => {
  const folder = t.testdir({ doc: 'old' });
  chmodSync(folder, 0o555);
  t.teardown(() => chmodSync(folder, 0o755));
  t.match(durableWrite(join(folder, 'doc'), 'new', options), {
    failure: { message: /EACCES/, remedy: /permission/ },
  });
  t.equal(readFileSync(join(folder, 'doc'), 'utf8'), 'old');
});

t.test('a disk that fills up half way keeps the old document, whole', { skip: NO_SMALL_DISK }, async (t) => {
  const disk = smallDisk(t, 1024);
  const file = join(disk, 'doc.json');
  t.ok(durableWrite(file, 'good', options).ok);
  const makeRoom = fillDisk(disk, 40 * 1024);
  const written = durableWrite(file, Buffer.alloc(100_000, 'x'), options);
  t.match(written, { failure: { reason: 'evidence_unwritable', message: /ENOSPC/, remedy: /make room/ } });
  t.equal(readFileSync(file, 'utf8'), 'good');
  t.strictSame(readdirSync(disk).sort(), ['doc.json', 'filler'], 'no temporary file is left');
  makeRoom();
  t.ok(durableWrite(file, Buffer.alloc(100_000, 'x'), options).ok, 'and goes on when there is room');
});

t.test('a file that may not grow is refused, not cut', async (t) => {
  const folder = t.testdir({ doc: 'good' });
  const script = join(folder, 'write.ts');
  const source = join(import.meta.dirname, '../../src/store/durable-write.ts');
  writeFileSync(
    script,
    `import { durableWrite } from ${JSON.stringify(source)};
process.on('SIGXFSZ', () => {});
const written = durableWrite(${JSON.stringify(join(folder, 'doc'))}, Buffer.alloc(100_000), { random: () => '0123456789abcdef' });
console.log(written.ok ? 'written' : written.failure.message);`,
  );
  const said = execFileSync('sh', ['-c', 'ulimit -f 40; exec "$0" "$1"', process.execPath, script], {
    encoding: 'utf8',
  });
  t.match(said, /EFBIG/);
  t.equal(readFileSync(join(folder, 'doc'), 'utf8'), 'good');
  t.strictSame(readdirSync(folder).sort(), ['doc', 'write.ts']);
});

t.test(
  'file and folder reach the disk before success is told',
  { skip: !existsSync('/usr/bin/strace') && 'needs strace' },
  async (t) => {
    const folder = t.testdir();
    const script = join(folder, 'write.ts');
    const source = join(import.meta.dirname, '../../src/store/durable-write.ts');
    writeFileSync(
      script,
      `import { durableWrite } from ${JSON.stringify(source)};
durableWrite(${JSON.stringify(join(folder, 'doc'))}, 'x', { random: () => '0123456789abcdef' });`,
    );
    const trace = join(folder, 'trace');
    execFileSync('strace', [
      '-f',
      '-y',
      '-o',
      trace,
      '-e',
      'trace=fsync,rename,renameat,renameat2',
      process.execPath,
      script,
    ]);
    const calls = readFileSync(trace, 'utf8')
      .split('\n')
      .filter((line) => line.includes(folder))
      .map((line) => /(\w+)\(/.exec(line)?.[1]);
    t.strictSame(calls, ['fsync', 'rename', 'fsync']);
  },
);
