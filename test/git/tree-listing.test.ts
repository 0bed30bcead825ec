import { createHash } from 'node:crypto';
import t from 'tap';
import { compareContentTrees } from '../../src/git/compare-trees.ts';
import { displayKey, escapeKey, keyOf, unescapeKey } from '../../src/git/path-bytes.ts';
import { digestOfListing, parseTree, serialiseTree, sortedEntries } from '../../src/git/tree-listing.ts';
import { rig } from './rig.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

function tree(entries: Record<string, string>) {
  const sorted = sortedEntries(new Map(Object.entries(entries)));
  return {
    kind: 'tree' as const,
    entries: sorted,
    digest: digestOfListing(serialiseTree({ entries: sorted })),
  };
}

t.test('the digest is the SHA-256 of the listing', async (t) => {
  const taken = await rig(t, { 'a.txt': 'a\n', 'b/ü': 'b\n' }).take();
  const bytes = serialiseTree(taken);
  t.equal(createHash('sha256').update(bytes).digest('hex'), taken.digest);
  t.equal(
    bytes.toString(),
    [
      'orchestrator content tree 1',
      `file ${createHash('sha256').update('a\n').digest('hex')} a.txt`,
      `file ${createHash('sha256').update('b\n').digest('hex')} b/\\xc3\\xbc`,
      '',
    ].join('\n'),
  );
  t.strictSame(parseTree(bytes), { ok: true, value: { digest: taken.digest, entries: taken.entries } });
});

t.test('only what is written as a listing is read as one', (t) => {
  const good = `orchestrator content tree 1\nfile ${A} a\nabsent - b\n`;
  t.equal(parseTree(Buffer.from(good)).ok, true);
  const bad = [
    ...['', 'orchestrator content tree 1', 'orchestrator content tree 2\n', good.slice(0, -1), `${good}\n`],
    ...[
      `${good}x\n`,
      good.replace('absent -', `absent ${A}`),
      good.replace(A, '-'),
      good.replace(A, A.slice(1)),
    ],
    ...[
      good.replace(' b', ' a'),
      good.replace(' b', ' \\x41'),
      good.replace(' b', ' \\'),
      good.replace(' b', ' é'),
    ],
    ...[good.replace(' b', ' ')],
  ];
  for (const text of bad)
    t.match(parseTree(Buffer.from(text)), { ok: false, failure: { reason: 'evidence_tampered' } });
  t.end();
});

t.test('keys escape without loss and show what is text as text', (t) => {
  const every = String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte));
  t.equal(unescapeKey(escapeKey(every)), every);
  t.match(escapeKey(every), /^[\x20-\x7e]+$/);
  t.equal(displayKey(keyOf('日本/ü')), '日本/ü');
  t.equal(displayKey(keyOf('a\u202eb\u0085c\x1b[31m\n')), 'a\\u202eb\\x85c\\x1b[31m\\x0a');
  t.equal(displayKey('\xff\xfe'), '\\xff\\xfe');
  t.end();
});

t.test('a comparison names what was added, removed and changed, in order', (t) => {
  const before = tree({ a: `file ${A}`, b: `file ${A}`, c: `file ${A}`, d: `file ${A}` });
  const after = tree({ a: `file ${A}`, b: `exec ${A}`, c: 'absent -', e: `file ${B}` });
  t.match(compareContentTrees(before, after), {
    same: false,
    count: 4,
    summary: 'changed b, removed c, removed d, added e',
  });
  t.strictSame(compareContentTrees(before, after, 1).changed, [{ change: 'changed', path: 'b' }]);
  t.equal(compareContentTrees(before, after, 1).summary, 'changed b and 3 more');
  t.equal(compareContentTrees(before, before).same, true);
  t.end();
});

t.test('the digest alone decides where the entries are gone', (t) => {
  const before = tree({ a: `file ${A}` });
  const after = tree({ a: `file ${B}` });
  const { kind, digest } = before;
  t.match(compareContentTrees({ kind, digest }, after), { same: false, changed: [], count: null });
  t.equal(compareContentTrees({ kind, digest }, before).same, true);
  t.end();
});

t.test('git that went away or came is a difference; none before and none after is not', (t) => {
  const none = { kind: 'not-a-work-tree' } as const;
  const some = tree({ a: `file ${A}` });
  t.match(compareContentTrees(some, none), { same: false, summary: /none now/ });
  t.match(compareContentTrees(none, some), { same: false, summary: /one now/ });
  t.equal(compareContentTrees(none, none).same, true);
  t.end();
});
