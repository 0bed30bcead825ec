/** Which commands check this repository, by the well-known files in repo-root. Nothing is run or guessed from names. */
import type { DetectedCommand } from '../formats/planning-context.ts';
import { readRootFile } from './root-file.ts';

const MAX_BYTES = 1024 * 1024;
/** What `npm init` writes; it always fails. */
const NPM_PLACEHOLDER = 'no test specified';

export interface Detected {
  readonly commands: readonly DetectedCommand[];
  readonly notes: readonly string[];
}

/** Given the text of the file, or of the first of several names that exists: the command, or why there is none. */
interface Rule {
  readonly names: readonly string[];
  command(text: string, has: (name: string) => boolean): readonly string[] | null | { readonly note: string };
}

const MAKE_TEST = /^test[ \t]*:(?!=)/m;

/** In this order they are found and run. */
const RULES: readonly Rule[] = [
  { names: ['package.json'], command: packageJson },
  {
    names: ['GNUmakefile', 'makefile', 'Makefile'],
    command: (text) => (MAKE_TEST.test(text) ? ['make', 'test'] : null),
  },
  { names: ['Cargo.toml'], command: () => ['cargo', 'test'] },
  { names: ['go.mod'], command: () => ['go', 'test', './...'] },
  { names: ['pytest.ini'], command: () => ['python3', '-m', 'pytest'] },
  { names: ['pyproject.toml', 'tox.ini', 'setup.cfg'], command: python },
  { names: ['pom.xml'], command: () => ['mvn', '--batch-mode', 'test'] },
  { names: ['build.gradle', 'build.gradle.kts'], command: gradle },
  { names: ['mix.exs'], command: () => ['mix', 'test'] },
  { names: ['deno.json', 'deno.jsonc'], command: () => ['deno', 'test'] },
];

/** Looks through them; a file that cannot be understood is noted and never ends the run. */
export function detectValidationCommands(root: string): Detected {
  const commands: DetectedCommand[] = [];
  const notes: string[] = [];
  const has = (name: string): boolean => readRootFile(root, name, Number.MAX_SAFE_INTEGER).kind !== 'absent';
  for (const rule of RULES) {
    for (const source of rule.names) {
      const read = readRootFile(root, source, MAX_BYTES);
      if (read.kind === 'absent') continue;
      const found =
        read.kind === 'bytes' ? rule.command(read.bytes.toString('utf8'), has) : { note: read.kind };
      if (found === null) continue;
      if ('note' in found) notes.push(`${source}: ${found.note}`);
      else if (!commands.some(({ argv }) => argv.join(' ') === found.join(' ')))
        commands.push({ argv: found, source });
      break;
    }
  }
  return { commands, notes };
}

function packageJson(
  text: string,
  has: (name: string) => boolean,
): readonly string[] | null | { note: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { note: 'is not JSON' };
  }
  const test = property(property(parsed, 'scripts'), 'test');
  if (typeof test !== 'string' || test.trim() === '' || test.includes(NPM_PLACEHOLDER)) return null;
  if (has('pnpm-lock.yaml')) return ['pnpm', 'test'];
  return has('yarn.lock') ? ['yarn', 'test'] : ['npm', 'test'];
}

function python(text: string): readonly string[] | null {
  return /\bpytest\b/.test(text) ? ['python3', '-m', 'pytest'] : null;
}

function gradle(_text: string, has: (name: string) => boolean): readonly string[] {
  return has('gradlew') ? ['./gradlew', 'test'] : ['gradle', 'test'];
}

function property(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return Reflect.get(value, key);
}
