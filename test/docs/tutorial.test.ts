import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import t from 'tap';
import { inRoot } from '../../src/build/repository.ts';
import { isAsShown, type ShellBlock, shellBlocks } from './shell-page.ts';

const EXECUTABLE = inRoot('bin/orchestrator');
const BLOCKS = shellBlocks(readFileSync(inRoot('docs/tutorial.md'), 'utf8'));

/** What one block has printed, and the exit code of its last command. */
interface Told {
  readonly printed: string;
  readonly code: string;
}

/** All blocks in one shell, as somebody types them: `cd` and the like hold for the blocks after it. */
function typeAll(base: string, blocks: readonly ShellBlock[]): readonly Told[] {
  const mark = '### end of a block:';
  const script = blocks.map(({ commands }) => `${commands}printf '\\n${mark} %s\\n' "$?"\n`).join('');
  for (const name of ['home', 'empty']) mkdirSync(join(base, name));
  writeFileSync(join(base, 'script'), script);
  const env = [`PATH=${dirname(EXECUTABLE)}:/usr/local/bin:/usr/bin:/bin`, `HOME=${join(base, 'home')}`];
  const shell = ['sh', '-c', `exec 2>&1; . '${join(base, 'script')}'`];
  // Through "env": tap adds variables of its own to whatever Node starts.
  const ended = spawnSync('env', ['-i', ...env, `TMPDIR=${base}`, ...shell], {
    cwd: join(base, 'empty'),
    encoding: 'utf8',
    timeout: 120_000,
  });
  return ended.stdout
    .split(new RegExp(`(?<=\\n${mark} \\d+\\n)`))
    .map((part) => /^([\s\S]*)\n.*: (\d+)\n$/.exec(part))
    .map((match) => ({ printed: match?.[1] ?? '', code: match?.[2] ?? 'none' }));
}

t.test(
  'every command of the tutorial prints what the page shows',
  { skip: existsSync(EXECUTABLE) ? false : `${EXECUTABLE} is not built: run "make build"` },
  async (t) => {
    const base = realpathSync(mkdtempSync(join(tmpdir(), 'orchestrator-tutorial-')));
    t.teardown(() => rmSync(base, { recursive: true, force: true }));
    const told = typeAll(base, BLOCKS);
    t.equal(told.length, BLOCKS.length, 'every block was run to its end');
    for (const [index, { line, shown }] of BLOCKS.entries()) {
      const { printed, code } = told[index] ?? { printed: '', code: 'none' };
      t.equal(code, '0', `line ${line}: its last command ends well`);
      t.ok(isAsShown(printed, shown), `line ${line}`, { printed, shown });
    }
  },
);

t.test('the tutorial has an approval, a block, a failure, and each command that reads a run', async (t) => {
  const text = BLOCKS.map((block) => block.commands + block.shown).join('');
  for (const part of [
    ...['--review-status approved', 'exit code 3', 'exit code 1', '--resume', ' explain ', ' verify '],
    ...['--format html', ' list ', ' diff ', ' clean ', '--execute'],
  ]) {
    t.match(text, part);
  }
});

t.test('a page that shows something else than what is printed is found', async (t) => {
  t.ok(isAsShown('a 12 b\n', 'a … b\n'));
  t.ok(isAsShown('first\nx\ny\nlast\n', '…\nlast\n'));
  t.ok(isAsShown('last\n', '…\nlast\n'));
  t.notOk(isAsShown('a 12 c\n', 'a … b\n'));
  t.notOk(isAsShown('a\nb\n', 'a…\n'), 'one line stays one line');
  t.notOk(isAsShown('a\n', ''), 'what is not shown is not printed');
  t.notOk(isAsShown('a+b\n', 'aab\n'), 'nothing else is a pattern');
  t.throws(() => shellBlocks('```text\na\n```\n'), { message: 'line 1: an output that follows no command' });
  t.strictSame(shellBlocks('x\n```sh\na\n```\n\n```text\nb\n```\n\n```sh\nc\n```\n'), [
    { line: 2, commands: 'a\n', shown: 'b\n' },
    { line: 10, commands: 'c\n', shown: '' },
  ]);
});
