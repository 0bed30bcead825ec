import { existsSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { LAYOUT } from '../../src/store/layout.ts';
import { removeNames } from '../../src/store/remove-evidence.ts';

t.test('what a removal that fails leaves is still ignored by git, and still a run', async (t) => {
  const dir = t.testdir({ [LAYOUT.ignore]: '*\n', [LAYOUT.checkpoint]: '{}', 'audit.jsonl': '' });
  const names = [LAYOUT.ignore, LAYOUT.checkpoint, 'audit.jsonl', 'no\0name'];
  t.throws(() => removeNames(dir, names));
  t.notOk(existsSync(join(dir, 'audit.jsonl')));
  t.ok(existsSync(join(dir, LAYOUT.ignore)) && existsSync(join(dir, LAYOUT.checkpoint)));
  removeNames(dir, [LAYOUT.ignore, LAYOUT.checkpoint]);
  t.notOk(existsSync(dir));
});
