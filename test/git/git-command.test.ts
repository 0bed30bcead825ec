import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import t from 'tap';
import { takeContentTree } from '../../src/git/content-tree.ts';
import { nulRecords } from '../../src/git/git-command.ts';
import { gitVariables } from '../../src/git/git-environment.ts';
import { pathWithGit, realGit, rig } from './rig.ts';

/** Polls until the process is gone; a zombie that nobody has reaped yet counts as gone. */
async function ended(pid: number): Promise<boolean> {
  const deadline = performance.now() + 10_000;
  while (performance.now() < deadline) {
    if (!existsSync(`/proc/${pid}/stat`)) return true;
    if (/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) return true;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return false;
}

async function pidsIn(file: string, count: number): Promise<number[]> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const pids = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
    if (pids.length >= count || performance.now() > deadline) return pids.map(Number);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

for (const [what, first] of [
  ['is slow', ''],
  ['ignores SIGTERM', "trap '' TERM; "],
] as const) {
  t.test(`a git that ${what} meets the limit and ends with its children`, async (t) => {
    const r = rig(t);
    const pids = join(r.base, 'pids');
    const path = pathWithGit(
      r.base,
      `#!/bin/sh\n${first}sleep 60 & echo $$ >> ${pids}; echo $! >> ${pids}; wait; sleep 60\n`,
    );
    const started = performance.now();
    const taken = await takeContentTree(r.options({ environment: { path, home: null }, limitMs: 400 }));
    t.match(taken, {
      ok: false,
      failure: {
        reason: 'git_failed',
        message: /^git (ls-files|status) in .* limit of 400 ms/,
        remedy: /--resume/,
      },
    });
    t.ok(performance.now() - started < 20_000, 'long before git itself would have ended');
    for (const pid of await pidsIn(pids, 2)) t.ok(await ended(pid));
    t.strictSame(readdirSync(r.scratch), []);
  });
}

t.test('stopping ends git and its children', async (t) => {
  const r = rig(t);
  const pids = join(r.base, 'pids');
  const path = pathWithGit(r.base, `#!/bin/sh\nsleep 60 & echo $$ >> ${pids}; echo $! >> ${pids}; wait\n`);
  const controller = new AbortController();
  const taking = takeContentTree(r.options({ environment: { path, home: null }, signal: controller.signal }));
  const running = await pidsIn(pids, 6);
  controller.abort();
  t.match(await taking, { ok: false, failure: { reason: 'interrupted' } });
  for (const pid of running) t.ok(await ended(pid));
});

t.test('a git that fails is quoted on one line, without its control characters', async (t) => {
  const r = rig(t);
  const path = pathWithGit(r.base, '#!/bin/sh\nprintf "fatal: \\033[31mred\\n" >&2\nexit 128\n');
  const taken = await takeContentTree(r.options({ environment: { path, home: null } }));
  t.match(taken, {
    ok: false,
    failure: { message: /ended with exit code 128, expected exit code 0: fatal: \\x1b\[31mred$/ },
  });
});

t.test('a work tree without a git to be found fails', async (t) => {
  const r = rig(t);
  for (const path of ['', '/nowhere', 'relative', r.root]) {
    const taken = await takeContentTree(r.options({ environment: { path, home: null } }));
    t.match(taken, { ok: false, failure: { reason: 'git_failed', message: /expected git on PATH/ } });
  }
});

t.test('a git that cannot be executed after all fails', async (t) => {
  const r = rig(t);
  const path = pathWithGit(r.base, '#!/nowhere/sh\n');
  const taken = await takeContentTree(r.options({ environment: { path, home: null } }));
  t.match(taken, { ok: false, failure: { reason: 'git_failed', message: /could not be started/ } });
});

t.test('git sees PATH, HOME, the marks and nothing else of the caller', (t) => {
  const environment = {
    path: '/bin:relative:/usr/bin:',
    home: '/home',
    marks: { ORCHESTRATOR_TREES: 'cookie' },
  };
  const variables = gitVariables(environment, { GIT_DIR: '/x' });
  t.match(variables, { PATH: '/bin:/usr/bin', HOME: '/home', ORCHESTRATOR_TREES: 'cookie', GIT_DIR: '/x' });
  t.match(variables, { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', LC_ALL: 'C' });
  const others = Object.keys(variables).filter((name) => !name.startsWith('GIT_'));
  t.strictSame(others.sort(), ['HOME', 'LC_ALL', 'ORCHESTRATOR_TREES', 'PATH']);
  t.notOk('HOME' in gitVariables({ path: '', home: null }, {}));
  t.end();
});

t.test('a variable of the caller does not reach the process', async (t) => {
  const r = rig(t);
  const path = pathWithGit(r.base, `#!/bin/sh\nenv >> ${r.base}/seen\nexec ${realGit()} "$@"\n`);
  process.env.A_SECRET_TOKEN = 'x';
  t.teardown(() => delete process.env.A_SECRET_TOKEN);
  await r.take({ environment: { path, home: '/a-home' } });
  const seen = readFileSync(join(r.base, 'seen'), 'utf8');
  t.match(seen, /^HOME=\/a-home$/m);
  t.notMatch(seen, /A_SECRET_TOKEN/);
});

t.test('what git says beyond what is kept of its stderr costs no memory and no failure', async (t) => {
  const r = rig(t);
  const path = pathWithGit(
    r.base,
    `#!/bin/sh\nhead -c 3000000 /dev/zero | tr "\\\\0" x >&2\nexec ${realGit()} "$@"\n`,
  );
  t.equal((await r.take({ environment: { path, home: null } })).files, 1);
});

t.test('records are whole whatever the output is cut at', async (t) => {
  const bytes = Buffer.from('a\0bc\0\0def\0');
  for (let size = 1; size <= bytes.length; size++) {
    const records: string[] = [];
    const take = nulRecords((record) => records.push(record));
    for (let at = 0; at < bytes.length; at += size) take(bytes.subarray(at, at + size));
    t.strictSame(records, ['a', 'bc', '', 'def'], `pieces of ${size}`);
  }
});
