/**
 * The direction of imports (docs/design/modules.md): main → compose → cli → operations → the rooms of the outside
 * world → formats → core. Rooms on one floor do not know one another.
 */

export interface SourceFile {
  /** Relative to `src/`, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

const FLOORS: readonly (readonly string[])[] = [
  ['core'],
  ['formats'],
  ['process', 'store', 'git', 'gates', 'queue', 'render', 'system'],
  ['operations'],
  ['cli'],
  ['compose'],
  ['main'],
];

/** Arrows between neighbours that are meant. */
const EXCEPTIONS: ReadonlySet<string> = new Set(['git → process']);

/** One sentence for each import that goes the wrong way. */
export function findWrongImports(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) =>
    importsOf(file.text).flatMap((specifier) => {
      const complaint = judgeImport(file.path, specifier);
      return complaint === null ? [] : [`src/${file.path} imports ${specifier}: ${complaint}`];
    }),
  );
}

/** Every file that comes back to itself through what it imports, types and late loads included; sorted. */
export function findCircles(files: readonly SourceFile[]): readonly string[] {
  const imports = new Map(
    files.map(({ path, text }) => [
      path,
      importsOf(text).flatMap((one) => (one.startsWith('.') ? [resolveFrom(path, one)] : [])),
    ]),
  );
  const reaches = (from: string): boolean => {
    const seen = new Set<string>();
    const waiting = [...(imports.get(from) ?? [])];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (next === from) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      waiting.push(...(imports.get(next) ?? []));
    }
    return false;
  };
  return [...imports.keys()].filter(reaches).sort();
}

/** What a text imports, exports from, or loads by `import()` and `require()`; types too. */
export function importsOf(text: string): readonly string[] {
  const withoutComments = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const statement = /\b(?:from|import|import\s*\(|require\s*\()\s*(['"])([^'"\n]+)\1/g;
  return [...withoutComments.matchAll(statement)].map((match) => match[2] ?? '');
}

function judgeImport(path: string, specifier: string): string | null {
  const from = roomOf(path);
  const target = specifier.startsWith('.') ? resolveFrom(path, specifier) : null;
  if (target === null) return from === 'core' ? 'core imports only itself' : null;
  const to = roomOf(target);
  if (from === 'build' || from === to) return null;
  if (target.startsWith('..')) return 'that lies outside src/';
  if (to === 'build') return 'the product knows nothing of its build';
  const [fromFloor, toFloor] = [floorOf(from), floorOf(to)];
  if (fromFloor === -1) return `the room ${from} has no place in the order`;
  if (toFloor === -1) return `the room ${to} has no place in the order`;
  if (toFloor < fromFloor || EXCEPTIONS.has(`${from} → ${to}`)) return null;
  return toFloor === fromFloor ? `${from} and ${to} are neighbours` : `${to} stands above ${from}`;
}

/** The first folder; `main.ts` and `compose.ts` are rooms of their own. */
function roomOf(path: string): string {
  return (path.split('/')[0] ?? '').replace(/\.ts$/, '');
}

function floorOf(room: string): number {
  return FLOORS.findIndex((rooms) => rooms.includes(room));
}

function resolveFrom(path: string, specifier: string): string {
  return new URL(specifier, `file:///1/2/3/src/${path}`).pathname
    .replace('/1/2/3/src/', '')
    .replace(/^\//, '../');
}
