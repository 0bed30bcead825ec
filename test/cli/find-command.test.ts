import t from 'tap';
import { RESERVED_NAMES } from '../../src/cli/commands.ts';
import { findCommand } from '../../src/cli/find-command.ts';

function found(...argv: string[]) {
  const result = findCommand(argv);
  return result.ok ? [result.value.name, ...result.value.argv] : result.failure.message;
}

t.test('what is not a command name is an out_dir of the run', (t) => {
  t.strictSame(found('./out', '--resume'), ['run', './out', '--resume']);
  t.strictSame(found('./report'), ['run', './report']);
  t.strictSame(found('reprot'), ['run', 'reprot']);
  t.strictSame(found(), ['run']);
  t.end();
});

t.test('"run" spelled out is the same command', (t) => {
  t.strictSame(found('run', './out', '--json'), ['run', './out', '--json']);
  t.strictSame(found('--json', 'run', 'run'), ['run', '--json', 'run']);
  t.end();
});

t.test('flags may stand before the command, and their values name none', (t) => {
  t.strictSame(found('--json', 'explain', 'out'), ['explain', '--json', 'out']);
  t.strictSame(found('--format', 'json', 'report', 'out'), ['report', '--format', 'json', 'out']);
  t.strictSame(found('--manager-arg', 'report', './out'), ['run', '--manager-arg', 'report', './out']);
  t.end();
});

t.test('after "--" nothing names a command', (t) => {
  t.strictSame(found('--', 'report'), ['run', '--', 'report']);
  t.end();
});

t.test('config needs its second word', (t) => {
  t.strictSame(found('config', 'validate', 'x.yaml'), ['config validate', 'x.yaml']);
  t.match(found('config'), /^config: expected validate, print, init after it, got none/);
  t.match(found('config', 'inti'), /got "inti" \(did you mean init\?\)/);
  t.end();
});

t.test('a name that is kept for later is refused, with the way to use it as an out_dir', (t) => {
  for (const name of RESERVED_NAMES) {
    t.equal(
      found(name, '--json'),
      `"${name}" is a reserved command name that this version does not have yet; to use an out_dir of that name write ./${name}`,
    );
    t.strictSame(found(`./${name}`), ['run', `./${name}`]);
  }
  t.end();
});
