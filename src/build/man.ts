/**
 * `make man`: writes the manual page, `build/man/orchestrator.1`.
 *
 *     node src/build/man.ts
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manPage } from '../cli/man-page.ts';
import { VERSION } from '../system/version.ts';
import { inRoot } from './repository.ts';

const folder = inRoot('build', 'man');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'orchestrator.1'), manPage(VERSION));
