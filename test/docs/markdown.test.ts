import t from 'tap';
import { anchorsOf, linksOf } from './markdown.ts';

t.test('an anchor is made of a heading as GitHub does', async (t) => {
  const rows: readonly (readonly [heading: string, anchor: string])[] = [
    ['GATE_CI_NOT_SUCCESS', 'gate_ci_not_success'],
    ['`orchestrator report [out_dir] [--format text|json]`', 'orchestrator-report-out_dir---format-textjson'],
    ['Gates: where they are read', 'gates-where-they-are-read'],
    ['In [a link](x.md), and `code`', 'in-a-link-and-code'],
    ['1. Two  blanks', '1-two--blanks'],
    ["What isn't said", 'what-isnt-said'],
  ];
  for (const [heading, anchor] of rows) {
    t.strictSame([...anchorsOf(`# ${heading}\n`)], [anchor], heading);
  }
  t.strictSame(
    [...anchorsOf('# A\n## A\n```sh\n# no heading\n```\n<a id="own"></a>\n')],
    ['a', 'a-1', 'own'],
  );
});

t.test('links are found, and nothing that is code', async (t) => {
  const page = [
    'A [link](a.md#b) and [`code`](b.md), an ![image](c.png), `[none](d.md)`.',
    '```sh',
    '[none](e.md)',
    '```',
    '[ref]: f.md',
    '[two',
    'lines](g.md "title") [x [y]](h.md)',
  ].join('\n');
  t.strictSame(linksOf(page), [
    { target: 'a.md#b', line: 1 },
    { target: 'b.md', line: 1 },
    { target: 'c.png', line: 1 },
    { target: 'g.md', line: 6 },
    { target: 'h.md', line: 7 },
    { target: 'f.md', line: 5 },
  ]);
});
