import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import t from 'tap';
import { findCircles, findWrongImports, importsOf, type SourceFile } from './import-rules.ts';

const SRC = resolve(import.meta.dirname, '../../src');

function readSources(): readonly SourceFile[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => ({
      path: path.split(sep).join('/'),
      text: readFileSync(join(SRC, path), 'utf8'),
    }));
}

t.test('every import in src/ goes down', async (t) => {
  const sources = readSources();
  t.ok(sources.some(({ path }) => path === 'main.ts'));
  t.ok(
    sources.flatMap(({ text }) => importsOf(text)).length > sources.length / 2,
    'imports are found at all',
  );
  t.strictSame(findWrongImports(sources), []);
});

t.test('an import that goes the wrong way is found, however it is written', async (t) => {
  const wrong: readonly (readonly [path: string, text: string, reason: string])[] = [
    ['core/gates/gate.ts', "import { readFileSync } from 'node:fs';", 'core imports only itself'],
    ['core/state.ts', "import * as z from 'zod';", 'core imports only itself'],
    ['core/state.ts', "import type { Report } from '../formats/report.ts';", 'formats stands above core'],
    ['formats/report.ts', "export { x } from '../store/layout.ts';", 'store stands above formats'],
    ['store/lock/hold.ts', "import { x } from '../../process/run.ts';", 'store and process are neighbours'],
    ['process/run.ts', "import { x } from '../git/head.ts';", 'process and git are neighbours'],
    ['render/text.ts', "const x = await import('../system/clock.ts');", 'render and system are neighbours'],
    ['operations/run.ts', "const x = require('../cli/run.ts');", 'cli stands above operations'],
    ['cli/run.ts', "import '../main.ts';", 'main stands above cli'],
    ['main.ts', "import { x } from './build/bundle.ts';", 'the product knows nothing of its build'],
    ['main.ts', "import { x } from '../test/rig.ts';", 'that lies outside src/'],
    ['attic/x.ts', "import { x } from '../core/result.ts';", 'the room attic has no place in the order'],
    ['cli/run.ts', "import { x } from '../attic/x.ts';", 'the room attic has no place in the order'],
    ['core/state.ts', "import {\n  a,\n  b,\n} from '../store/layout.ts';", 'store stands above core'],
  ];
  for (const [path, text, reason] of wrong) {
    const found = findWrongImports([{ path, text }]);
    t.equal(found.length, 1, `${path}: ${text}`);
    t.ok(found[0]?.endsWith(`: ${reason}`), `${path}: ${text}: ${found[0]}`);
  }
});

t.test('an import that goes down, stays in its room, or takes a package is let through', async (t) => {
  const right: readonly (readonly [path: string, text: string])[] = [
    ['main.ts', "const { run } = await import('./cli/run.ts');"],
    ['main.ts', "import { VERSION } from './system/version.ts';"],
    ['operations/run.ts', "import { hold } from '../store/lock/hold.ts';"],
    ['git/head.ts', "import { run } from '../process/run.ts';"],
    ['store/lock/hold.ts', "import { layout } from '../layout.ts';"],
    ['core/machine/state.ts', "import type { GateName } from '../gates/gate.ts';"],
    ['formats/report.ts', "import * as z from 'zod';"],
    ['build/bundle.ts', "import { x } from '../main.ts';"],
    ['core/state.ts', "// import { x } from 'node:fs';\n/* from 'zod' */"],
  ];
  for (const [path, text] of right) t.strictSame(findWrongImports([{ path, text }]), [], `${path}: ${text}`);
});

t.test('no import leads back to where it came from', async (t) => {
  const sources = readSources();
  t.strictSame(findCircles(sources), []);
  const circle = sources.map((one) =>
    one.path === 'core/result.ts' ? { ...one, text: "import type { Run } from './machine/tasks.ts';" } : one,
  );
  t.ok(findCircles(circle).includes('core/result.ts'), 'one is found');
});
