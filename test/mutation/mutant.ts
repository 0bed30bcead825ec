import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startProcess } from '../e2e/live-process.ts';
import { applyEdit, type Mutation } from './mutation.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** Milliseconds that a build may take. */
const BUILD_LIMIT_MS = 300_000;

/** An executable without one defence. */
export interface Mutant {
  readonly executable: string;
  readonly dispose: () => void;
}

/** Builds one from a copy of the sources below `build/mutants/`. Throws where the mutation does not apply or build. */
export async function buildMutant(mutation: Mutation): Promise<Mutant> {
  const folder = join(ROOT, 'build', 'mutants', mutation.name);
  const dispose = (): void => rmSync(folder, { recursive: true, force: true });
  dispose();
  mkdirSync(folder, { recursive: true });
  for (const part of ['package.json', 'package-lock.json', 'tsconfig.json', 'src', 'docs']) {
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const edit of mutation.edits) {
    const file = join(folder, edit.file);
    writeFileSync(file, applyEdit(readFileSync(file, 'utf8'), edit));
  }
  const executable = join(folder, 'bin', 'orchestrator');
  const built = await startProcess({
    argv: [process.execPath, join(folder, 'src/build/build.ts'), '--host', 'bin/orchestrator'],
    cwd: folder,
    input: null,
    limitMs: BUILD_LIMIT_MS,
  }).finished;
  if (built.code === 0) return { executable, dispose };
  dispose();
  const how = built.signal ?? `exit ${built.code}`;
  throw new Error(`${mutation.name} does not build, ${how}: ${built.said.trim().split('\n').at(-1)}`);
}
