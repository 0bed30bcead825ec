/** What somebody types who has not read the documents. */
import { ALL_PASS, e2e } from './rig.ts';

e2e('a misspelt command is called that, not an out_dir', async (t, rig) => {
  const lines: readonly (readonly [readonly string[], RegExp])[] = [
    [['reprot', './out'], /"reprot" is taken for an out_dir \(did you mean report\?\)/],
    [['verfy'], /"verfy" is taken for an out_dir \(did you mean verify\?\)/],
    [['version'], /"version" is taken for an out_dir \(did you mean --version\?\)/],
  ];
  for (const [args, said] of lines) {
    const run = await rig.run(args);
    t.equal(run.code, 2, args.join(' '));
    t.match(run.stderr, said);
    t.equal(run.stderr.split('\n').length, 2, 'one line');
  }
  t.notMatch((await rig.run(['./reprot'])).stderr, /did you mean/);
  t.notMatch((await rig.run(['builds'])).stderr, /did you mean/);
});

e2e('a format that is typed as a flag is known', async (t, rig) => {
  const run = await rig.run(['report', './out', '--json']);
  t.equal(run.code, 2);
  t.match(run.stderr, '--json: unknown flag (did you mean --format json?)');
  for (const typed of [['--format', 'json'], ['--format=json']]) {
    for (const name of ['explain', 'verify', 'list', 'doctor']) {
      const other = await rig.run([name, './out', ...typed]);
      t.equal(other.code, 2);
      t.match(other.stderr, `--format: unknown flag (did you mean --json?)`, name);
    }
  }
  t.notMatch((await rig.run(['explain', './out', '--format', 'html'])).stderr, /--json/);
  t.notMatch((await rig.run(['schema', '--format', 'json'])).stderr, /--json/);
});

e2e('every command that colours can be told not to, before any variable', async (t, rig) => {
  await rig.run(['./out', ...ALL_PASS, '--executor-bin', '/bin/true']);
  const lines = [
    ...['report', 'explain', 'verify', 'list', 'doctor'].map((name) => [name, './out']),
    ['diff', './out', './out'],
    ['clean', '.', '--keep', '0'],
  ];
  const env = { FORCE_COLOR: '1' };
  let colored = 0;
  for (const line of lines) {
    if ((await rig.run(line, { env })).stdout.includes('\u001b[')) colored += 1;
    const plain = await rig.run([...line, '--no-color'], { env });
    t.notMatch(plain.stdout, '\u001b[', line.join(' '));
    t.not(plain.code, 2, line.join(' '));
  }
  t.ok(colored >= 4, `${colored} of them colour at all`);
});
