import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { detectValidationCommands } from '../../src/git/validation-commands.ts';
import { temporaryFolder } from './rig.ts';

const NPM = '{"scripts":{"test":"node --test"}}';

const CASES: [string, Record<string, string>, string[]][] = [
  ['package.json with a test script', { 'package.json': NPM }, ['npm test']],
  ['the same with a pnpm lock file', { 'package.json': NPM, 'pnpm-lock.yaml': '' }, ['pnpm test']],
  ['the same with a yarn lock file', { 'package.json': NPM, 'yarn.lock': '' }, ['yarn test']],
  ['package.json without one', { 'package.json': '{"scripts":{"build":"x"}}' }, []],
  [
    'the placeholder of npm init',
    { 'package.json': '{"scripts":{"test":"echo \\"Error: no test specified\\""}}' },
    [],
  ],
  ['a test script that is no text', { 'package.json': '{"scripts":{"test":["x"]}}' }, []],
  ['a Makefile with a test target', { Makefile: 'all:\ntest: all\n\ttrue\n' }, ['make test']],
  ['a Makefile with a test variable', { Makefile: 'test := 1\ntests:\nx-test:\n' }, []],
  ['a lower-case makefile beside it', { makefile: 'test:\n', Makefile: 'all:\n' }, ['make test']],
  ['Cargo.toml', { 'Cargo.toml': '' }, ['cargo test']],
  ['go.mod', { 'go.mod': '' }, ['go test ./...']],
  ['pytest.ini', { 'pytest.ini': '' }, ['python3 -m pytest']],
  [
    'pyproject.toml that names pytest',
    { 'pyproject.toml': '[tool.pytest.ini_options]\n' },
    ['python3 -m pytest'],
  ],
  ['pyproject.toml that does not', { 'pyproject.toml': '[project]\n' }, []],
  [
    'pyproject.toml that does not, tox.ini that does',
    { 'pyproject.toml': '', 'tox.ini': 'deps = pytest' },
    ['python3 -m pytest'],
  ],
  ['two files for one command', { 'pytest.ini': '', 'tox.ini': 'pytest' }, ['python3 -m pytest']],
  ['pom.xml', { 'pom.xml': '' }, ['mvn --batch-mode test']],
  ['build.gradle', { 'build.gradle': '' }, ['gradle test']],
  ['build.gradle.kts with its wrapper', { 'build.gradle.kts': '', gradlew: '' }, ['./gradlew test']],
  ['mix.exs', { 'mix.exs': '' }, ['mix test']],
  ['deno.json', { 'deno.json': '' }, ['deno test']],
  [
    'several, in a fixed order',
    { 'go.mod': '', Makefile: 'test:\n', 'package.json': NPM },
    ['npm test', 'make test', 'go test ./...'],
  ],
  ['none', { 'README.md': '' }, []],
];

for (const [what, files, expected] of CASES) {
  t.test(`${what}: ${expected.join(', ') || 'no command'}`, (t) => {
    const root = temporaryFolder(t);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
    const { commands, notes } = detectValidationCommands(root);
    t.strictSame(
      commands.map(({ argv }) => argv.join(' ')),
      expected,
    );
    t.strictSame(notes, []);
    t.end();
  });
}

t.test('a malformed or huge file is noted and ends nothing', (t) => {
  const root = temporaryFolder(t);
  writeFileSync(join(root, 'package.json'), '{');
  writeFileSync(join(root, 'Makefile'), 'x'.repeat(2 * 1024 * 1024));
  writeFileSync(join(root, 'go.mod'), '');
  t.strictSame(detectValidationCommands(root), {
    commands: [{ argv: ['go', 'test', './...'], source: 'go.mod' }],
    notes: ['package.json: is not JSON', 'Makefile: too-big'],
  });
  t.end();
});
