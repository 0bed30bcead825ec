import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { blockedToDone, type Forgery, forge, type Json } from './forge.ts';
import { ALL_PASS, e2e, inParallel, type Rig, until } from './rig.ts';

const BLOCKED = ['--policy-status', 'allow', '--executor-bin', '/bin/true'];
const DONE = [...ALL_PASS, '--executor-bin', '/bin/true'];
const CHECKPOINT = 'orchestrator_checkpoint.json';

/** The flags of a key of its own, kept outside the working directory. */
function keyFlags(rig: Rig, letter = 'k'): readonly string[] {
  return ['--state-key-file', rig.write(join(rig.base, `${letter}.key`), letter.repeat(40), 0o600)];
}

function copy(rig: Rig, from: string, to: string): string {
  cpSync(join(rig.work, from), join(rig.work, to), { recursive: true, verbatimSymlinks: true });
  return join(rig.work, to);
}

async function code(rig: Rig, ...args: readonly string[]): Promise<number | null> {
  return (await rig.run(args)).code;
}

/** Refused by a verification and by a resume with the key; a resume leaves no `done` that could be believed. */
async function refused(t: Test, rig: Rig, out: string, key: readonly string[]): Promise<void> {
  const verified = await rig.run(['verify', out, ...key]);
  t.equal(verified.code, 1, `${out}: verify: ${verified.said}`);
  t.equal(await code(rig, 'verify', out, '--require-authentic', ...key), 1, `${out}: --require-authentic`);
  const resumed = await rig.run([out, '--resume', ...key]);
  t.equal(resumed.code, 1, `${out}: resume: ${resumed.said}`);
  t.not(await code(rig, 'verify', out, ...key), 0, `${out}: after the resume`);
}

e2e(
  'without a key, evidence that is forged as a whole is believed, and said to be unauthenticated',
  async (t, rig) => {
    t.equal(await code(rig, './out', ...BLOCKED), 3);
    forge(rig.out, blockedToDone());
    const verified = await rig.run(['verify', './out']);
    t.equal(verified.code, 0, `the limit that the documentation states: ${verified.stdout}`);
    t.match(verified.stdout, 'unauthenticated: evidence forged as a whole would not be seen');
    const json = JSON.parse((await rig.run(['verify', './out', '--json'])).stdout);
    t.match(json, { authenticity: 'unauthenticated', closure_ready: true });
    t.match((await rig.run(['report', './out'])).stdout, 'authenticity: unauthenticated');
    t.match(
      (await rig.run(['report', './out', '--format', 'markdown'])).stdout,
      'Authenticity: `unauthenticated',
    );
    t.match((await rig.run(['explain', './out'])).stdout, '(unauthenticated)');
    t.equal(rig.report().authenticity, 'unauthenticated');
    const required = await rig.run(['verify', './out', '--require-authentic']);
    t.equal(required.code, 1);
    t.match(required.stdout, /FAILED +authenticity +unauthenticated/);
  },
);

e2e('with the key the same forgery is refused, whatever is done about the MAC', async (t, rig) => {
  const key = keyFlags(rig);
  t.equal(await code(rig, './good', ...BLOCKED, ...key), 3);
  await rig.run(['./elsewhere', ...DONE, ...key]);
  const elsewhere = rig.checkpoint(join(rig.work, 'elsewhere')).authentication;
  t.match(elsewhere, { algorithm: 'hmac-sha256' });
  const forgeries: Readonly<Record<string, Forgery>> = {
    kept: blockedToDone(),
    stripped: blockedToDone((all) => ({ ...all, authentication: null })),
    'of-another-run': blockedToDone((all) => ({ ...all, authentication: elsewhere })),
    'only-stripped': { envelope: (all) => ({ ...all, authentication: null }) },
  };
  await inParallel(Object.entries(forgeries), async ([name, forgery]) => {
    forge(copy(rig, 'good', name), forgery);
    for (const command of ['report', 'explain'])
      t.equal(await code(rig, command, `./${name}`, ...key), 1, command);
    await refused(t, rig, `./${name}`, key);
  });
  t.equal(await code(rig, './good', '--resume', ...key), 3, 'what was not forged goes on');
});

e2e(
  'a key that is not the one of the evidence is refused, and the evidence left as it is',
  async (t, rig) => {
    const key = keyFlags(rig);
    const other = keyFlags(rig, 'o');
    t.equal(await code(rig, './out', ...DONE, ...key), 0);
    const before = rig.read(`out/${CHECKPOINT}`);
    const resumed = await rig.run(['./out', '--resume', ...other]);
    t.equal(resumed.code, 1);
    t.match(resumed.said, /expected the state key [0-9a-f]{16}, got [0-9a-f]{16}; it was left untouched/);
    for (const command of ['verify', 'report', 'explain'])
      t.equal(await code(rig, command, './out', ...other), 1);
    const none = await rig.run(['./out', '--resume']);
    t.equal(none.code, 2, 'no key at all is a mistake of the caller');
    t.match(none.said, /no key was given; give it again with --state-key-file or --state-key-fd/);
    t.equal(await code(rig, './out', '--resume', '--dry-run'), 2);
    t.equal(await code(rig, './out', '--resume', '--print-config'), 2);
    t.equal(rig.read(`out/${CHECKPOINT}`), before);
    t.equal(await code(rig, './out', '--resume', ...key), 0, 'the right one still opens it');
  },
);

e2e(
  'a key over evidence without one is refused; a fresh run takes the key up, or another',
  async (t, rig) => {
    const key = keyFlags(rig);
    await rig.run(['./out', ...DONE]);
    const resumed = await rig.run(['./out', '--resume', ...key]);
    t.equal(resumed.code, 1);
    t.match(resumed.said, /it is unauthenticated: written without a state key, or its MAC was taken off/);
    t.match(resumed.said, /start a fresh run without --resume/);
    t.equal(await code(rig, './out', ...DONE, ...key), 0);
    t.equal(await code(rig, './out', ...DONE, ...keyFlags(rig, 'o')), 0, 'a key is changed by a fresh run');
    t.equal(await code(rig, 'verify', './out', '--require-authentic', ...keyFlags(rig, 'o')), 0);
  },
);

e2e('--require-authentic passes proven evidence only, and says no more than the run does', async (t, rig) => {
  const key = keyFlags(rig);
  t.equal(await code(rig, './done', ...DONE, ...key), 0);
  t.equal(await code(rig, './blocked', ...BLOCKED, ...key), 3);
  const required = ['--require-authentic', ...key];
  t.equal(await code(rig, 'verify', './done', ...required), 0);
  t.equal(await code(rig, 'verify', './blocked', ...required), 3);
  for (const out of ['./done', './blocked']) {
    const verified = await rig.run(['verify', out, '--require-authentic']);
    t.equal(verified.code, 1, `${out} without the key`);
    t.match(
      verified.stdout,
      /FAILED +authenticity +it names the state key [0-9a-f]{16}, and no key was given/,
    );
  }
  const unchecked = await rig.run(['verify', './done']);
  t.equal(unchecked.code, 0);
  t.match(unchecked.stdout, /not checked +authenticity/);
  const checked = await rig.run(['verify', './done', '--json', ...key]);
  t.match(JSON.parse(checked.stdout), { authenticity: 'authenticated', closure_ready: true });
  t.match((await rig.run(['explain', './done', ...key])).stdout, '(authenticated)');
  t.match(
    (await rig.run(['report', './done', ...key])).stdout,
    'the checkpoint was written with the state key',
  );
  const { authenticity, state_key_id: id } = rig.report(join(rig.work, 'done'));
  t.equal(authenticity, 'hmac-sha256');
  t.equal(id, rig.checkpoint(join(rig.work, 'done')).authentication?.key_id);
});

e2e('whatever is changed in an authenticated run is refused, with every digest mended', async (t, rig) => {
  const key = keyFlags(rig);
  await rig.run(['./out', ...BLOCKED, ...key]);
  const changes: Readonly<Record<string, (run: Json) => Json>> = {
    'a time': (run) => ({ ...run, started_at: '2001-01-01T00:00:00Z' }),
    'a free text': (run) => ({ ...run, worktree_changes: ['x'] }),
    'an isolation': (run) => ({ ...run, isolation: 'sandbox' }),
    'an assertion': (run) => ({ ...run, assertions: [] }),
  };
  for (const [index, [name, change]] of Object.entries(changes).entries()) {
    forge(copy(rig, 'out', `changed${index}`), { run: change });
    const resumed = await rig.run([`./changed${index}`, '--resume', ...key]);
    t.equal(resumed.code, 1, `${name}: ${resumed.said}`);
    t.match(resumed.said, /its MAC is not that of its content/, name);
  }
});

e2e('a record that is forged, taken out, repeated or brought from another run is refused', async (t, rig) => {
  const key = keyFlags(rig);
  await rig.run(['./good', ...BLOCKED, ...key]);
  await rig.run(['./other', ...BLOCKED, ...key]);
  const lines = (out: string) => rig.read(`${out}/audit.jsonl`).split('\n').slice(0, -1);
  const own = lines('good');
  const foreign = lines('other').at(-1) ?? '';
  const logs: Readonly<Record<string, readonly string[]>> = {
    edited: own.map((line, index) => (index === 3 ? line.replace('"kind":"', '"kind":"x') : line)),
    removed: own.slice(0, -1),
    repeated: [...own, own.at(-1) ?? ''],
    brought: [...own, foreign],
    exchanged: lines('other'),
  };
  await inParallel(Object.entries(logs), async ([name, log]) => {
    copy(rig, 'good', name);
    rig.write(`${name}/audit.jsonl`, `${log.join('\n')}\n`);
    await refused(t, rig, `./${name}`, key);
  });
});

e2e('a record after the last commit has to carry a MAC of the key as well', async (t, rig) => {
  const key = keyFlags(rig);
  await rig.run(['./good', ...BLOCKED, ...key]);
  const plain: Json = { time: '2026-01-01T00:00:00.000Z', kind: 'gates-read' };
  const tails: Readonly<Record<string, Json>> = {
    none: plain,
    invented: { ...plain, commits: 1, mac: '5'.repeat(64) },
  };
  const before = rig.read(`good/${CHECKPOINT}`);
  for (const [name, tail] of Object.entries(tails)) {
    forge(copy(rig, 'good', name), { records: (all) => [...all, tail] });
    rig.write(`${name}/${CHECKPOINT}`, before);
    await refused(t, rig, `./${name}`, key);
  }
  rig.write('good/audit.jsonl', `${rig.read('good/audit.jsonl')}{"seq":`);
  t.equal(await code(rig, './good', '--resume', ...key), 3, 'a record that a crash has cut off is legal');
});

e2e(
  'a run that was killed goes on with its key, and an older checkpoint beside a newer log does not',
  async (t, rig) => {
    const key = keyFlags(rig);
    const held = `[ -e '${rig.base}/go' ] || { : > '${rig.base}/waits'; exec sleep ${rig.nap}; }`;
    const executor = rig.agent('executor', held);
    const live = rig.start(['./out', ...ALL_PASS, '--executor-bin', executor, ...key]);
    await until('the executor runs', () => rig.exists(join(rig.base, 'waits')));
    const old = rig.read(`out/${CHECKPOINT}`);
    live.signal('SIGKILL');
    await live.finished;
    rig.write(join(rig.base, 'go'), '');
    const resumed = await rig.run(['./out', '--resume', ...key]);
    t.equal(resumed.code, 0, resumed.said);
    t.equal(await code(rig, 'verify', './out', '--require-authentic', ...key), 0);
    copy(rig, 'out', 'rolled');
    rig.write(`rolled/${CHECKPOINT}`, old);
    const rolled = await rig.run(['./rolled', '--resume', ...key]);
    t.equal(rolled.code, 1, rolled.said);
    t.match(
      rolled.said,
      /written after commit \d+, and the checkpoint is that of commit \d+: an older one was put back/,
    );
    rmSync(join(rig.work, 'rolled'), { recursive: true });
  },
);
