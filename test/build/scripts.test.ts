import { Script } from 'node:vm';
import t from 'tap';
import type { Bundle } from '../../src/build/bundle.ts';
import { createLoader } from '../../src/build/launch/loader.ts';
import { indexOf, packScripts } from '../../src/build/scripts.ts';

const modules = new Map([
  ['main.js', 'exports.name = "main"; exports.load = (id) => require(id);'],
  ['help.js', 'exports.name = "help"; exports.entry = require("./main.js").name;'],
  ['run.js', 'exports.name = "run"; exports.count = (globalThis.loads ??= []).push("run");'],
  ['rare.js', 'exports.sep = require("node:path").sep;'],
]);
const bundle: Bundle = { modules, metafile: { inputs: {}, outputs: {} } };
const loadedByUse = new Map([
  ['help', new Set(['main.js', 'help.js'])],
  ['run', new Set(['main.js', 'run.js'])],
]);

t.test('modules that the same uses need are one script, and the others are left alone', async (t) => {
  const scripts = packScripts(bundle, loadedByUse);
  t.strictSame(
    scripts.map(({ name, modules, isHot }) => [name, modules, isHot]),
    [
      ['help+run', ['main.js'], true],
      ['help', ['help.js'], true],
      ['run', ['run.js'], true],
      ['rare.js', ['rare.js'], false],
    ],
  );
});

t.test('the index names the script of every module', async (t) => {
  t.strictSame(indexOf(packScripts(bundle, loadedByUse), true), {
    entry: 'main.js',
    scriptOf: { 'main.js': 'help+run', 'help.js': 'help', 'run.js': 'run', 'rare.js': 'rare.js' },
    hasCodeCache: true,
  });
});

t.test('a module is loaded when it is required, once', async (t) => {
  const scripts = packScripts(bundle, loadedByUse);
  const found: string[] = [];
  globalThis.require = ((id: string) => ({ sep: `the ${id} of Node` })) as NodeJS.Require;
  const load = createLoader((name) => {
    found.push(name);
    const script = scripts.find(({ modules }) => modules.includes(name));
    return new Script(script?.text ?? '').runInThisContext()[name];
  });
  const main = load('main.js') as { load: (id: string) => unknown };
  t.strictSame(found, ['main.js']);
  t.strictSame(main.load('./run.js'), { name: 'run', count: 1 });
  t.equal(main.load('./run.js'), main.load('./run.js'));
  t.match(main.load('./help.js'), { entry: 'main' });
  t.match(main.load('./rare.js'), { sep: 'the node:path of Node' });
  t.strictSame(found, ['main.js', 'run.js', 'help.js', 'rare.js']);
});
