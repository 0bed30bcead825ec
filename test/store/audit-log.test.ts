import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  readFileSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { readAuditLog } from '../../src/store/audit-chain.ts';
import { createAuditLog } from '../../src/store/audit-log.ts';
import { fillDisk, NO_SMALL_DISK, smallDisk } from '../fixtures/store/small-disk.ts';

const clock = () => Date.parse('2026-01-02T03:04:05.678Z');

function newLog(t: Test, folder = t.testdir()) {
  const file = join(folder, 'audit.jsonl');
  return { file, log: createAuditLog({ file, existing: Buffer.alloc(0), clock, mac: null }) };
}

t.test('records are kept back until the flush and then are a chain', async (t) => {
  const { file, log } = newLog(t);
  log.append('run-started', { argv: ['./out'] });
  log.append('decided', { gate: 'policy' });
  t.notOk(existsSync(file));
  t.equal(log.head().seq, 2, 'the head counts what is kept back');
  t.ok(log.flush().ok);
  t.ok(log.flush().ok, 'nothing to flush');
  log.append('run-ended', {});
  t.ok(log.flush().ok);
  const reading = readAuditLog(readFileSync(file));
  t.match(reading, { records: 3, problem: null, head: log.head() });
  t.match(readFileSync(file, 'utf8'), '"time":"2026-01-02T03:04:05.678Z","kind":"decided","gate":"policy"');
});

t.test('a log is taken up where it was left', async (t) => {
  const { file, log } = newLog(t);
  log.append('one', {});
  t.ok(log.flush().ok);
  const again = createAuditLog({ file, existing: readFileSync(file), clock, mac: null });
  t.strictSame(again.head(), log.head());
  again.append('two', {});
  t.ok(again.flush().ok);
  t.match(readAuditLog(readFileSync(file)), { records: 2, problem: null });
});

t.test('an empty file, left by a crash at its creation, is gone on with', async (t) => {
  const { file, log } = newLog(t);
  writeFileSync(file, '');
  log.append('one', {});
  t.ok(log.flush().ok);
  t.equal(readAuditLog(readFileSync(file)).records, 1);
});

t.test('whatever somebody else does to the file is noticed before the next record', async (t) => {
  const changes: Readonly<Record<string, (file: string) => void>> = {
    'a record added': (file) => appendFileSync(file, '{}\n'),
    'cut to nothing': (file) => writeFileSync(file, ''),
    'one byte changed': (file) => writeFileSync(file, readFileSync(file, 'utf8').replace('one', 'two')),
    'one byte changed, time put back': (file) => {
      writeFileSync(file, readFileSync(file, 'utf8').replace('one', 'two'));
      utimesSync(file, new Date(0), new Date(0));
    },
    removed: (file) => unlinkSync(file),
    'a second name': (file) => linkSync(file, `${file}.2`),
    'a link in its place': (file) => {
      renameSync(file, `${file}.2`);
      symlinkSync(`${file}.2`, file);
    },
  };
  for (const [name, change] of Object.entries(changes)) {
    await t.test(name, async (t) => {
      const { file, log } = newLog(t);
      log.append('one', {});
      t.ok(log.flush().ok);
      change(file);
      log.append('next', {});
      t.match(log.flush(), {
        ok: false,
        failure: { reason: 'evidence_tampered', message: /^AUDIT_TAMPERED: / },
      });
    });
  }
});

t.test('a file that was only touched, or has another mode, is still ours', async (t) => {
  const { file, log } = newLog(t);
  log.append('one', {});
  t.ok(log.flush().ok);
  utimesSync(file, new Date(0), new Date(0));
  chmodSync(file, 0o600);
  log.append('two', {});
  t.ok(log.flush().ok);
});

t.test('a foreign file in the place of a new log is not appended to', async (t) => {
  const { file, log } = newLog(t);
  writeFileSync(file, 'mine\n');
  log.append('one', {});
  t.match(log.flush(), { failure: { reason: 'evidence_tampered' } });
  t.equal(readFileSync(file, 'utf8'), 'mine\n');
});

t.test(
  'a full disk leaves no half record, and the log goes on when there is room',
  { skip: NO_SMALL_DISK },
  async (t) => {
    const { file, log } = newLog(t, smallDisk(t, 256));
    log.append('one', {});
    t.ok(log.flush().ok);
    const makeRoom = fillDisk(join(file, '..'), 0);
    log.append('large', { text: 'x'.repeat(50_000) });
    t.match(log.flush(), { failure: { reason: 'evidence_unwritable', message: /ENOSPC/ } });
    t.match(readAuditLog(readFileSync(file)), { records: 1, tornTail: false, problem: null });
    makeRoom();
    t.ok(log.flush().ok);
    t.match(readAuditLog(readFileSync(file)), { records: 2, problem: null });
  },
);
