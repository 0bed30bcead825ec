import { readdirSync, readFileSync } from 'node:fs';
import { inRoot } from '../repository.ts';

/** The decisions in order, by their headings. */
export function decisionList(): string {
  return readdirSync(inRoot('docs', 'decisions'))
    .filter((name) => /^\d{4}-.*\.md$/.test(name))
    .sort()
    .map((name) => `- [${headingOf(name)}](${name})`)
    .join('\n');
}

/** The first heading of a page, without the number that some begin with; throws where there is none. */
function headingOf(name: string): string {
  const text = readFileSync(inRoot('docs', 'decisions', name), 'utf8');
  const [, heading] = /^# (.+)$/m.exec(text) ?? [];
  if (heading === undefined) throw new Error(`docs/decisions/${name}: expected a heading`);
  return `${name.slice(0, 4)} ${heading.replace(/^\d{4}[ :.–-]*/, '')}`;
}
