/**
 * The table of attempts in docs/gates-scope.md, between its two marks.
 *
 *     node test/scope-bypass/table.ts    # writes it
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Attempt } from './attempt.ts';
import { GIT_DIR_ATTEMPTS } from './git-dir-attempts.ts';
import { PATH_ATTEMPTS } from './path-attempts.ts';
import { SIZE_ATTEMPTS } from './size-attempts.ts';

export const ATTEMPTS: readonly Attempt[] = [...PATH_ATTEMPTS, ...GIT_DIR_ATTEMPTS, ...SIZE_ATTEMPTS];

export const PAGE = new URL('../../docs/gates-scope.md', import.meta.url);
const MARKS = /(<!-- attempts -->\n)[\s\S]*(<!-- end of attempts -->)/;

/** A page with the table put in its place; the page must have one. */
export function withTable(page: string, attempts: readonly Attempt[]): string {
  if (!MARKS.test(page)) throw new Error('the page has no place for the table');
  return page.replace(MARKS, (_, start: string, end: string) => `${start}${tableOf(attempts)}${end}`);
}

function tableOf(attempts: readonly Attempt[]): string {
  const rows = attempts.map(
    ({ tries, view, refusedBy, naiveSees }) =>
      `| ${tries.replaceAll('\\', '\\\\')} | ${view} | \`${refusedBy}\` | ${naiveSees ? 'refuses' : '**lets through**'} |\n`,
  );
  const missed = attempts.filter(({ naiveSees }) => !naiveSees).length;
  return [
    '| an agent … | judged | refused by | a guard that reads `git diff` |\n| --- | --- | --- | --- |\n',
    ...rows,
    `\n${attempts.length} attempts, 0 pass. The guard that reads \`git diff\` lets ${missed} of them through.\n`,
  ].join('');
}

if (import.meta.main) writeFileSync(PAGE, withTable(readFileSync(PAGE, 'utf8'), ATTEMPTS));
