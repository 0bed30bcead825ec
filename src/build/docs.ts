/**
 * `make docs`: writes the parts of the pages below `docs/` that are made from code; a test holds the pages to them.
 *
 *     node src/build/docs.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { putPart } from './docs/generated-part.ts';
import { generatedParts } from './docs/generated-parts.ts';
import { inRoot } from './repository.ts';

for (const part of generatedParts()) {
  const file = inRoot('docs', part.page);
  writeFileSync(file, putPart(readFileSync(file, 'utf8'), part));
}
