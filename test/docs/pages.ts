import { readFileSync } from 'node:fs';
import { inRoot } from '../../src/build/repository.ts';

/** A page below `docs/`. */
export function readPage(page: string): string {
  return readFileSync(inRoot('docs', page), 'utf8');
}

/** The sections of a page in order, by the text of their heading; `level` is its number of `#`. */
export function sectionsOf(page: string, level = 2): readonly (readonly [heading: string, text: string])[] {
  const parts = page.split(new RegExp(`^${'#'.repeat(level)} `, 'm')).slice(1);
  return parts.map((part) => {
    const end = part.indexOf('\n');
    return [part.slice(0, end), part.slice(end + 1).split(/^#{1,6} /m)[0] ?? ''] as const;
  });
}
