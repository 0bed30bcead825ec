/**
 * Writes `schemas/*.schema.json` from the zod definitions; a test holds the files to them.
 *
 *     node src/build/schemas.ts
 */
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { publishedSchema, schemaNames } from '../formats/published-schemas.ts';
import { inRoot } from './repository.ts';

for (const name of schemaNames()) {
  await writeFileAtomic(join(inRoot('schemas'), `${name}.schema.json`), await publishedSchema(name));
}
