import t from 'tap';
import { isInside } from '../../src/formats/stored-path.ts';
import { besideCheckpoint, evidencePaths, safeSegment } from '../../src/store/layout.ts';

t.test('inside means the folder or below it, not a neighbour with a longer name', async (t) => {
  t.ok(isInside('/a/b', '/a/b'));
  t.ok(isInside('/a/b', '/a/b/c'));
  t.ok(isInside('/a/b', '/a/b/..c'), 'two dots may begin a name');
  t.notOk(isInside('/a/b', '/a/bc'));
  t.notOk(isInside('/a/b', '/a'));
  t.ok(isInside('/', '/anything'));
});

t.test('the checkpoint is in out_dir unless a path is given', async (t) => {
  t.equal(evidencePaths('/o', null).checkpoint, '/o/orchestrator_checkpoint.json');
  t.equal(evidencePaths('/o', '/o/checkpoint.json').checkpoint, '/o/orchestrator_checkpoint.json');
  t.match(evidencePaths('/o', '/o/ck.json'), { checkpoint: '/o/ck.json', link: '/o/checkpoint.json' });
  t.match(evidencePaths('/o', '/elsewhere/ck.json'), { checkpoint: '/elsewhere/ck.json', link: null });
});

t.test('what is kept beside a checkpoint carries its name', async (t) => {
  t.equal(besideCheckpoint('/o/a.json', 'last-good'), '/o/a.last-good.json');
  t.equal(besideCheckpoint('/o/a', 'last-good'), '/o/a.last-good.json');
});

t.test('anything becomes one harmless path segment', async (t) => {
  t.equal(safeSegment('run-1.2_x'), 'run-1.2_x');
  for (const text of ['..', '.', '', '-rf', '../../x', 'a/b', 'a\0b', '\u001b[31m', 'x'.repeat(500)]) {
    t.match(safeSegment(text), /^[A-Za-z0-9_][A-Za-z0-9._-]{0,96}$/, JSON.stringify(text));
  }
});
