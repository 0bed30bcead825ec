import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import t from 'tap';
import { inRoot } from '../../src/build/repository.ts';
import { anchorsOf, linksOf } from './markdown.ts';

/** Every markdown file that belongs to the repository, relative to it: committed, or about to be. */
const PAGES: readonly string[] = execFileSync(
  'git',
  ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '*.md'],
  { cwd: inRoot(), encoding: 'utf8' },
)
  .split('\0')
  .filter((path) => path !== '' && existsSync(inRoot(path)));

const TEXTS = new Map(PAGES.map((path) => [path, readFileSync(inRoot(path), 'utf8')]));

interface Target {
  readonly from: string;
  readonly line: number;
  readonly written: string;
  /** Relative to the repository. */
  readonly path: string;
  readonly anchor: string | null;
}

/** Links that lead to something in this repository. */
function relativeLinks(): readonly Target[] {
  return [...TEXTS].flatMap(([from, text]) =>
    linksOf(text)
      .filter(({ target }) => !/^[a-z][a-z0-9+.-]*:/i.test(target))
      .map(({ target, line }) => {
        const [path = '', anchor] = target.split('#');
        const written = decodeURIComponent(path);
        return {
          ...{ from, line, written: target, anchor: anchor ?? null },
          path: path === '' ? from : normalize(join(dirname(from), written)).replace(/\/$/, ''),
        };
      }),
  );
}

t.test('every relative link leads to a file or a folder of the repository', async (t) => {
  const links = relativeLinks();
  t.ok(links.length > 200, `${links.length} links are found`);
  for (const { from, line, written, path } of links) {
    t.ok(!path.startsWith('..') && existsSync(inRoot(path)), `${from}:${line} ${written}`);
  }
});

t.test('every anchor is that of a heading on its page', async (t) => {
  const links = relativeLinks().filter(({ anchor }) => anchor !== null);
  t.ok(links.length > 100, `${links.length} anchors are found`);
  for (const { from, line, written, path, anchor } of links) {
    const page = TEXTS.get(path);
    t.ok(page !== undefined && anchorsOf(page).has(anchor ?? ''), `${from}:${line} ${written}`);
  }
});

t.test('every page below docs/ is reached from README.md', async (t) => {
  const links = relativeLinks();
  const reached = new Set(['README.md']);
  for (const page of reached) {
    for (const { from, path } of links) if (from === page && TEXTS.has(path)) reached.add(path);
    // A folder shows its README.
    for (const { from, path } of links) {
      if (from === page && TEXTS.has(`${path}/README.md`)) reached.add(`${path}/README.md`);
    }
  }
  for (const page of PAGES) if (page.startsWith('docs/')) t.ok(reached.has(page), page);
});

t.test('README.md leads to docs/README.md, which names every page of docs/ itself', async (t) => {
  const to = (page: string): readonly string[] =>
    relativeLinks()
      .filter(({ from }) => from === page)
      .map(({ path }) => path);
  t.ok(to('README.md').includes('docs/README.md'));
  const named = new Set(to('docs/README.md'));
  for (const page of PAGES) {
    if (/^docs\/[^/]+\.md$/.test(page) && page !== 'docs/README.md') t.ok(named.has(page), page);
  }
});
