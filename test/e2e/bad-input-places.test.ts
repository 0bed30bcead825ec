/** The places around the evidence: who looks, from where, into what. */
import { chmodSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { copyOf, makeLive } from './endings.ts';
import { folderState } from './folder-state.ts';
import { ALL_PASS, EXECUTABLE, e2e, inParallel, type Rig, type RunOptions } from './rig.ts';
import { NEEDS_PTY, startInTerminal } from './terminal.ts';

const LINES: readonly (readonly string[])[] = [
  ['report', './done'],
  ['report', './done', '--format', 'json'],
  ['report', './done', '--format', 'html'],
  ['report', './done', '--format', 'markdown'],
  ['report', './done', '--format', 'junit'],
  ['report', './done', '--format', 'github'],
  ['explain', './done'],
  ['verify', './done'],
  ['list'],
  ['diff', './done', './done'],
  ['clean', '--keep', '0'],
];

async function makeDone(rig: Rig): Promise<void> {
  await rig.run(['./done', ...ALL_PASS, '--executor-bin', rig.agent('maker', 'echo said')]);
}

/** `through` for a shell line in which `"$@"` is the command. */
function shell(line: string): RunOptions {
  return { through: ['/bin/bash', '-c', line, 'bash'] };
}

const GONE: Readonly<Record<string, string>> = {
  'a reader that goes away': 'set -o pipefail; "$@" | head -c 1 > /dev/null; exit $PIPESTATUS',
  'a closed stdout': '"$@" >&-',
  'both closed': '"$@" >&- 2>&-',
};

const FULL: Readonly<Record<string, string>> = {
  'a full disk': '"$@" > /dev/full',
  'both full': '"$@" > /dev/full 2>&1',
};

/** What else prints. */
const MORE: typeof LINES = [
  ['doctor', './fresh'],
  ['doctor', './fresh', '--json'],
  ['schema', 'config'],
  ['--help'],
  ['--version'],
];

/** Every line with every place for what it prints. */
function into(places: Readonly<Record<string, string>>) {
  return Object.entries(places).flatMap(([name, line]) =>
    [...LINES, ...MORE].map((args) => ({ name, line, args })),
  );
}

e2e('a reader that is gone changes no exit code, and nothing is said of it', async (t, rig) => {
  await makeDone(rig);
  const before = folderState(rig.out);
  await inParallel(into(GONE), async ({ name, line, args }) => {
    const run = await rig.run(args, { ...shell(line), limitMs: 20_000 });
    t.equal(run.code, 0, `${args.join(' ')}, ${name}: ${run.said}`);
    t.equal(run.stderr, '', `${args.join(' ')}, ${name}`);
  });
  t.strictSame(folderState(rig.out), before);
});

e2e('what could not be printed is exit 1 and one line, and changes nothing on disk', async (t, rig) => {
  await makeDone(rig);
  const before = folderState(rig.out);
  await inParallel(into(FULL), async ({ name, line, args }) => {
    const run = await rig.run(args, { ...shell(line), limitMs: 20_000 });
    t.equal(run.code, 1, `${args.join(' ')}, ${name}: ${run.said}`);
    const told = name === 'both full' ? /^$/ : /^orchestrator: what was to be printed [^\n]*ENOSPC[^\n]*\n$/;
    t.match(run.stderr, told, `${args.join(' ')}, ${name}`);
  });
  t.strictSame(folderState(rig.out), before);
});

e2e('a run that is worked on is read by every command, and notices nothing', async (t, rig) => {
  const { stop } = await makeLive(rig);
  // Who holds a lock keeps writing to it.
  const state = () =>
    Object.entries(folderState(join(rig.work, 'running'))).filter(([name]) => !name.startsWith('.lock'));
  const before = state();
  const said = new Map<string, string>();
  for (const args of LINES) {
    const run = await rig.run(args.map((word) => (word === './done' ? './running' : word)));
    t.notMatch(run.said, /\n {4}at |internal error/);
    t.equal(run.code, args[0] === 'verify' ? 1 : 0, `${args.join(' ')}: ${run.said}`);
    said.set(args[0] ?? '', run.said);
  }
  t.match(said.get('explain'), /^being worked on: /);
  t.match(said.get('verify'), /because the run has not come to an end/);
  t.match(said.get('list'), /running +20/);
  t.match(said.get('clean'), /left alone, an orchestrator works on it: 1 run\n {2}\.\/running/);
  t.strictSame(state(), before);
  await stop();
  t.equal((await rig.run(['verify', './running'])).code, 0);
});

const HOSTILE = '<b onload=x>\u202e\u001b[2J"`$(id)`\n::error::##[group]';

e2e('a hostile name of an out_dir, a file or a stage acts on nobody', async (t, rig) => {
  const out = `./${HOSTILE}`;
  const agent = rig.agent('agent', `printf '%s\\n' "$1"`);
  const args = ['--executor-bin', agent, '--executor-arg', HOSTILE];
  await rig.run([out, ...ALL_PASS, ...args, '--executor-expected-artifact', `./${HOSTILE}.json`]);
  const before = folderState(join(rig.work, HOSTILE));
  for (const line of LINES) {
    const { said, code } = await rig.run(line.map((word) => (word === './done' ? out : word)));
    t.ok(code === 0 || code === 1, `${line.join(' ')}: exit ${code}`);
    t.notMatch(said, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/, line.join(' '));
    if (line.includes('html')) t.notMatch(said, '<b onload');
    else t.notMatch(said, /##\[/, line.join(' '));
    if (!line.includes('github')) t.notMatch(said, /^::/m, line.join(' '));
  }
  t.strictSame(folderState(join(rig.work, HOSTILE)), before);
});

e2e(
  'on a terminal of 20 columns everything is said, and the command to type is whole',
  async (t, rig) => {
    await rig.run(['./done', '--executor-bin', '/bin/true']);
    for (const args of LINES) {
      const terminal = startInTerminal(t, rig, args, { columns: 20, rows: 60, env: { COLUMNS: '20' } });
      t.match(await terminal.ended, args[0] === 'verify' ? 'exit 3' : 'exit 0', args.join(' '));
      t.notMatch(terminal.written(), /\n {4}at /);
      if (args[0] === 'explain') {
        t.match(terminal.written(), '--resume --policy-status allow --ci-status success');
      }
    }
  },
  NEEDS_PTY,
);

const NOBODY = '65534';
const IS_ROOT = process.getuid?.() === 0;

/** Runs a copy of the executable, from a folder that everybody may enter, as a user without privileges. */
function asNobody(rig: Rig): RunOptions {
  const copy = join(rig.base, 'orchestrator');
  cpSync(EXECUTABLE, copy);
  chmodSync(rig.base, 0o755);
  const user = ['--reuid', NOBODY, '--regid', NOBODY, '--clear-groups'];
  return { through: ['/usr/bin/setpriv', ...user, '/bin/sh', '-c', 'shift; exec "$0" "$@"', copy] };
}

async function holdDenied(t: Test, rig: Rig, options: RunOptions): Promise<void> {
  for (const [command, code] of [
    ['report', 1],
    ['explain', 1],
    ['verify', 1],
  ] as const) {
    const run = await rig.run([command, './done'], options);
    t.equal(run.code, code, run.said);
    t.match(run.said, /permission denied \(EACCES\)/);
    t.match(run.said, /look as a user who may read it/);
    t.notMatch(run.said, /fresh run|good copy/);
  }
}

e2e(
  'somebody else may read the evidence of root, and is told so where that is not allowed',
  async (t, rig) => {
    await makeDone(rig);
    const out = join(rig.work, 'done');
    const options = asNobody(rig);
    for (const args of LINES.filter(([command]) => command !== 'clean')) {
      const run = await rig.run(args, options);
      t.equal(run.code, 0, `${args.join(' ')}: ${run.said}`);
    }
    for (const [path, mode] of [
      [join(out, 'orchestrator_checkpoint.json'), 0o600],
      [out, 0o700],
    ] as const) {
      chmodSync(path, mode);
      await holdDenied(t, rig, options);
      t.match(
        (await rig.run(['list', './done'], options)).said,
        /held .*permission denied|could not be read/,
      );
    }
    chmodSync(out, 0o755);
    chmodSync(join(copyOf(rig, 'done', 'closed'), 'audit.jsonl'), 0o000);
    chmodSync(join(rig.work, 'closed/orchestrator_checkpoint.json'), 0o644);
    t.match((await rig.run(['explain', './closed'], options)).said, /audit log: .*permission denied/);
  },
  { skip: IS_ROOT ? false : 'needs root to become another user' },
);
