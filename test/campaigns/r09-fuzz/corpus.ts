import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FuzzCase } from './fuzz-case.ts';
import type { NamedCase } from './inputs/all.ts';

const FOLDER = join(import.meta.dirname, 'corpus');

/** Cases that have failed once, by the names of their files. */
export function readCorpus(): readonly NamedCase[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({ name: `corpus/${name}`, fuzz: parse(readFileSync(join(FOLDER, name), 'utf8')) }));
}

function parse(text: string): FuzzCase {
  // Boundary: `keepFailing` has written it, and a person has put it there.
  return JSON.parse(text);
}

/** Writes a case that has failed to where it can be moved from into the corpus. Returns the file. */
export function keepFailing({ name, fuzz }: NamedCase): string {
  const folder = join(tmpdir(), 'orchestrator-fuzz');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${fuzz.input.replaceAll(' ', '-')}-${name.replaceAll(/[^\w]/g, '-')}.json`);
  writeFileSync(file, `${JSON.stringify(fuzz, null, 2)}\n`);
  return file;
}
