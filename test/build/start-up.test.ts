import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import t from 'tap';
import { type Bundle, bundleProduct } from '../../src/build/bundle.ts';
import type { ProductScript } from '../../src/build/scripts.ts';
import { compileScripts, traceUses } from '../../src/build/start-up.ts';

function bundleOf(modules: Readonly<Record<string, string>>): Bundle {
  return { modules: new Map(Object.entries(modules)), metafile: { inputs: {}, outputs: {} } };
}

t.test('it is noted which modules a use loads, and those that none loads are not', async (t) => {
  const bundle = bundleOf({
    'main.js': 'if (process.argv.includes("--help")) require("./help.js");',
    'help.js': 'require("node:path"); require("./text.js");',
    'text.js': '',
    'rare.js': '',
  });
  const loaded = traceUses(bundle);
  t.strictSame([...(loaded.get('help') ?? [])], ['main.js', 'help.js', 'text.js']);
  t.strictSame([...(loaded.get('version') ?? [])], ['main.js']);
});

t.test('what a run loads only when it takes long does not decide what is packed with what', async (t) => {
  const bundle = bundleOf({ 'main.js': 'require("./proper-lockfile-ABC.js")', 'proper-lockfile-ABC.js': '' });
  t.strictSame([...(traceUses(bundle).get('run') ?? [])], ['main.js']);
  const names = [...(await bundleProduct()).modules.keys()];
  t.equal(names.filter((name) => name.startsWith('proper-lockfile-')).length, 1, 'it is called so');
});

t.test('a product that does not do what it is used for is not packed, and says what it said', async (t) => {
  const refuses = bundleOf({ 'main.js': 'console.error("no such thing"); process.exitCode = 3;' });
  t.throws(() => traceUses(refuses), /exit 3\n.*no such thing/);
  const throws = bundleOf({ 'main.js': 'throw new Error("a bug")' });
  t.throws(() => traceUses(throws), /a bug/);
});

const TEXT = `({ "a.js": (function (require, module) { module.exports = ${'x => x + 1;'.padEnd(200)} }) })`;
const SCRIPTS: readonly ProductScript[] = [
  { name: 'hot', text: TEXT, modules: ['a.js'], isHot: true },
  { name: 'a.js', text: TEXT, modules: ['a.js'], isHot: false },
];

function compileIn(folder: string): readonly Buffer[] {
  mkdirSync(folder, { recursive: true });
  for (const { name, text } of SCRIPTS) writeFileSync(join(folder, name), text);
  compileScripts(folder, SCRIPTS);
  return SCRIPTS.map(({ name }) => readFileSync(join(folder, `${name}.cache`)));
}

t.test('a code cache is accepted for its text, and has all functions where that is worth it', async (t) => {
  const [hot = Buffer.alloc(0), outline = Buffer.alloc(0)] = compileIn(join(t.testdir(), 'scripts'));
  for (const cachedData of [hot, outline])
    t.equal(new Script(TEXT, { cachedData }).cachedDataRejected, false);
  t.equal(new Script(`${TEXT} `, { cachedData: hot }).cachedDataRejected, true, 'of another text it is not');
  t.ok(hot.length > outline.length, `${hot.length} and ${outline.length} bytes`);
});

t.test('the same scripts have the same code caches, wherever they are made', async (t) => {
  const folder = t.testdir();
  t.strictSame(compileIn(join(folder, 'here')), compileIn(join(folder, 'somewhere', 'quite different')));
});
