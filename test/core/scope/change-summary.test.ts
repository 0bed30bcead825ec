import t from 'tap';
import { SUMMARY_PATHS, summariseChanges } from '../../../src/core/scope/change-summary.ts';
import { change, changeSet, linkTo } from './rig.ts';

t.test('a policy sees paths, modes, rename sources, links, lines and totals', async (t) => {
  const from = { path: 'a', name: 'a', isText: true, outsideRoot: false };
  const summary = summariseChanges(
    changeSet(
      change('b', { kind: 'renamed', from, lines: { added: 0, deleted: 0 } }),
      change('big', { lines: null, binary: true }),
      change('l', { ...linkTo('x'), lines: { added: 1, deleted: 0 } }),
    ),
  );
  t.strictSame(summary.totals, {
    ...{ files: 4, new_files: 2, deleted_files: 1, lines_added: 1, lines_deleted: 0, uncounted_files: 1 },
  });
  t.match(summary.paths, [
    { path: 'b', kind: 'renamed', from: 'a' },
    { path: 'big', lines_added: null, binary: true },
    { path: 'l', link: 'x', old_mode: null, new_mode: 'symlink' },
  ]);
});

t.test('more paths than a policy can be told are cut, said to be, and counted', async (t) => {
  const changes = Array.from({ length: SUMMARY_PATHS + 1 }, (_, at) => change(`${at}`));
  const summary = summariseChanges(changeSet(...changes));
  t.match(summary, { truncated: true, path_count: SUMMARY_PATHS + 1, totals: { files: SUMMARY_PATHS + 1 } });
  t.equal(summary.paths.length, SUMMARY_PATHS);
});
