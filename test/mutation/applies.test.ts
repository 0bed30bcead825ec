import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import t from 'tap';
import { MUTATIONS } from './all.ts';
import { applyEdit } from './mutation.ts';

const ROOT = resolve(import.meta.dirname, '../..');

t.test('each mutation applies exactly once to the sources as they are', async (t) => {
  for (const { name, edits } of MUTATIONS) {
    const texts = new Map<string, string>();
    for (const edit of edits) {
      const before = texts.get(edit.file) ?? readFileSync(join(ROOT, edit.file), 'utf8');
      t.doesNotThrow(() => texts.set(edit.file, applyEdit(before, edit)), name);
    }
  }
});

t.test('each mutation has a name of its own', async (t) => {
  const names = MUTATIONS.map((one) => one.name);
  t.strictSame([...new Set(names)], names);
  t.strictSame(
    names.filter((name) => !/^[a-z0-9-]+$/.test(name)),
    [],
  );
});

t.test('what must notice is there', async (t) => {
  for (const { name, noticedBy } of MUTATIONS) {
    if (!('test' in noticedBy)) continue;
    const file = join(ROOT, noticedBy.test);
    t.ok(existsSync(file) && readFileSync(file, 'utf8').includes(noticedBy.name), name);
  }
});

t.test('an edit whose text is not there, or there twice, or the same, is refused', async (t) => {
  const edit = { file: 'x.ts', search: 'a', replace: 'b' };
  t.throws(() => applyEdit('x', edit), /0 times/);
  t.throws(() => applyEdit('aa', edit), /2 times/);
  t.throws(() => applyEdit('a', { ...edit, replace: 'a' }), /changes nothing/);
  t.equal(applyEdit('xax', { ...edit, replace: '$&' }), 'x$&x');
});
