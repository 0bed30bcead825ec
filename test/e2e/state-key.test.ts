import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_PASS, e2e, inParallel, type Rig } from './rig.ts';

const DONE = [...ALL_PASS, '--executor-bin', '/bin/true'];
const KEY = 'correct-horse-battery-staple/+0123456789';

function keyFile(rig: Rig, name = 'state.key', content: string | Buffer = `${KEY}\n`): string {
  return rig.write(join(rig.base, name), content, 0o600);
}

/** Starts the executable with what a shell's redirection opens. */
function opening(redirection: string): { readonly through: readonly string[] } {
  return { through: ['/bin/bash', '-c', `exec "$@" ${redirection}`, 'bash'] };
}

e2e('one key by file and by descriptor is the same key', async (t, rig) => {
  const file = keyFile(rig);
  t.equal((await rig.run(['./out', ...DONE, '--state-key-file', file])).code, 0);
  const fd = ['--state-key-fd', '3'];
  const redirections = [`3< '${file}'`, `3< <(cat '${file}')`, `3<<< '${KEY}'`, `3< <(printf %s '${KEY}')`];
  for (const redirection of redirections) {
    const run = await rig.run(['verify', './out', '--require-authentic', ...fd], opening(redirection));
    t.equal(run.code, 0, `${redirection}: ${run.said}${run.stdout}`);
  }
  const resumed = await rig.run(['./out', '--resume', ...fd], opening(redirections[1] ?? ''));
  t.equal(resumed.code, 0, resumed.said);
});

e2e('a config file names the key file, and a flag wins over it', async (t, rig) => {
  const config = (path: string) => rig.write('c.yaml', `state_key_file: ${path}\n`);
  config(keyFile(rig, 'a.key', 'a'.repeat(32)));
  t.equal((await rig.run(['./out', ...DONE, '--config', 'c.yaml'])).code, 0);
  const a = rig.checkpoint().authentication?.key_id;
  t.match(a, /^[0-9a-f]{16}$/);
  const flag = ['--state-key-file', keyFile(rig, 'b.key', 'b'.repeat(32))];
  t.equal((await rig.run(['./out', ...DONE, '--config', 'c.yaml', ...flag])).code, 0);
  t.not(rig.checkpoint().authentication?.key_id, a);
  rig.write('c.yaml', `state_key: ${KEY}\n`);
  const refused = await rig.run(['./out', ...DONE, '--config', 'c.yaml']);
  t.equal(refused.code, 2);
  t.match(refused.said, /state_key: cannot stand in a file/);
  t.notMatch(refused.said, KEY);
});

e2e('a key that cannot be one is exit 2, with nothing written and nothing of it shown', async (t, rig) => {
  const wide = keyFile(rig, 'wide.key');
  chmodSync(wide, 0o644);
  mkdirSync(join(rig.base, 'folder.key'));
  spawnSync('mkfifo', ['-m', '600', join(rig.base, 'pipe.key')]);
  const file = (name: string) => ['--state-key-file', join(rig.base, name)];
  const cases: readonly (readonly [RegExp, readonly string[], string])[] = [
    [
      /expected a file that only its owner can read, got mode 0644; chmod 600/,
      ['--state-key-file', wide],
      '',
    ],
    [/got 0; make one with/, ['--state-key-file', keyFile(rig, 'empty.key', '')], ''],
    [/got 31; make one with/, ['--state-key-file', keyFile(rig, 'short.key', 's'.repeat(31))], ''],
    [/4096 bytes, got 4098/, ['--state-key-file', keyFile(rig, 'long.key', 'l'.repeat(9999))], ''],
    [/expected a regular file, got a folder/, file('folder.key'), ''],
    [/expected a regular file, got a named pipe/, file('pipe.key'), ''],
    [/no such file or folder/, file('none.key'), ''],
    [/expected without --state-key-fd, got both/, [...file('wide.key'), '--state-key-fd', '3'], ''],
    [/expected a whole number from 3/, ['--state-key-fd', '2'], ''],
    [/expected an open descriptor/, ['--state-key-fd', '250'], ''],
    [/expected a file, a pipe or a socket, got a device/, ['--state-key-fd', '9'], '9< /dev/null'],
    [/expected a key of 32 to 4096 bytes, got 0/, ['--state-key-fd', '9'], '9< <(:)'],
  ];
  await inParallel(cases, async ([message, flags, redirection]) => {
    for (const line of [
      ['./out', ...DONE],
      ['./out', ...DONE, '--dry-run'],
      ['verify', './out'],
    ]) {
      const run = await rig.run([...line, ...flags], redirection === '' ? {} : opening(redirection));
      t.equal(run.code, 2, `${line.join(' ')} ${flags.join(' ')}: ${run.said}`);
      t.match(run.said, message);
      t.equal(run.said.trim().split('\n').length, 1, 'one line');
      t.notMatch(run.said, KEY);
    }
  });
  t.notOk(rig.exists('out'), 'nothing was written');
});

e2e(
  'a key where stages work is refused: in out_dir, in the repository, through a link there',
  async (t, rig) => {
    rig.gitRepo();
    mkdirSync(join(rig.work, 'part'));
    const inside = ['key', 'part/key', '.git/key', 'out/key'].map((path) => rig.write(path, KEY, 0o600));
    symlinkSync(keyFile(rig), join(rig.work, 'link'));
    symlinkSync(rig.work, join(rig.base, 'way'));
    const places = [...inside, join(rig.work, 'link'), join(rig.base, 'way/key')];
    for (const place of places) {
      const run = await rig.run(['./out', '--repo-root', './part', ...DONE, '--state-key-file', place]);
      t.equal(run.code, 2, `${place}: ${run.said}`);
      t.match(run.said, /expected a file that no stage comes across, got one in (out_dir|repo-root)/, place);
      t.match(run.said, /keep it in a folder of its own outside/, place);
    }
    t.notOk(rig.exists('out/audit.jsonl'), 'nothing was written');
    const verified = await rig.run(['verify', './out', '--state-key-file', join(rig.out, 'key')]);
    t.equal(verified.code, 2, 'evidence does not bring its own key');
  },
);

/** Everything that holds one of the texts, in a folder. */
function holding(folder: string, texts: readonly string[]): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => texts.some((text) => readFileSync(file, 'latin1').includes(text)));
}

e2e('the key reaches no stage, and what a stage prints of it is masked', async (t, rig) => {
  const file = keyFile(rig);
  const spellings = [KEY, Buffer.from(KEY).toString('hex'), Buffer.from(KEY).toString('base64').slice(0, 52)];
  const list = `for fd in /proc/self/fd/*; do readlink "$fd"; done > '${rig.base}/fds'; env > '${rig.base}/env'`;
  const tell = `cat '${file}'; od -An -tx1 -v '${file}' | tr -d ' \\n'; base64 -w0 '${file}' >&2`;
  const executor = rig.agent('executor', `${list}; ${tell}`);
  const args = ['./out', ...ALL_PASS, '--executor-bin', executor, '--verbose', '--inherit-env'];
  for (const [flags, how] of [
    [['--state-key-fd', '3'], opening(`3< '${file}'`)],
    [['--state-key-fd', '3'], opening(`3< <(cat '${file}')`)],
    [['--state-key-file', file], {}],
  ] as const) {
    const run = await rig.run([...args, ...flags], how);
    t.equal(run.code, 0, run.said);
    t.match(run.stdout, '***', 'the stage has printed it');
    for (const text of spellings)
      t.notOk(`${run.stdout}${run.stderr}`.includes(text), `${flags[0]}: ${text}`);
    t.strictSame(holding(rig.out, spellings), []);
    t.notMatch(rig.read(join(rig.base, 'env')), KEY);
    const open = rig.read(join(rig.base, 'fds')).split('\n');
    t.notOk(open.includes(file), `no descriptor leads to the key: ${open.join(' ')}`);
  }
});

e2e('what --print-config prints keeps the key file when it is read again', async (t, rig) => {
  const key = rig.write(join(rig.base, 'state.key'), 'k'.repeat(40), 0o600);
  const args = ['./out', '--manager-bin', '/bin/true', '--print-config'];
  const printed = await rig.run([...args, '--state-key-file', key]);
  t.equal(printed.code, 0, printed.said);
  const again = await rig.run(['./out', '--config', rig.write('c.yaml', printed.stdout), '--print-config']);
  t.match(again.stdout, `\nstate_key_file: "${key}"\n`, again.said);
});
