import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ALL_PASS, e2e, PATH, type Rig, until } from './rig.ts';

/** Why there is no sandbox here; false where there is one. */
const NO_SANDBOX = ((): string | false => {
  const args = '--unshare-all --unshare-user --disable-userns --ro-bind / / true'.split(' ');
  const tried = spawnSync('bwrap', args, { encoding: 'utf8' });
  if (tried.status === 0) return false;
  return `needs bubblewrap 0.8 and user namespaces: ${tried.error?.message ?? tried.stderr.trim()}`;
})();
const unless = { skip: NO_SANDBOX };

const SANDBOXED = [...ALL_PASS, '--sandbox', 'required', '--kill-grace-ms', '300'];

/** The ledger is outside of every sandbox: such an agent is a plain script, and speaks by its output. */
function plain(rig: Rig, name: string, body: string): string {
  return rig.write(join(rig.base, 'agents', name), `#!/bin/sh\n${body}\n`, 0o755);
}

const stdoutOf = (rig: Rig, stage = 'planning', attempt = 1): string =>
  rig.read(`out/logs/${stage}.${attempt}.stdout.log`);

e2e(
  'the evidence is out of reach of a sandboxed stage, whatever it tries',
  async (t, rig) => {
    rig.gitRepo();
    const vandal = plain(
      rig,
      'vandal',
      `cd out; for f in orchestrator_checkpoint.json orchestrator_run_report.json audit.jsonl checkpoint.json; do
       cat $f 2>/dev/null && echo "READ $f"; echo '{"forged":true}' > $f; done
       rm -rf .lock logs artifacts; mkdir .lock logs; cd ..; mv out elsewhere; rmdir out; exit 0`,
    );
    const run = await rig.run(['./out', ...SANDBOXED, '--manager-bin', vandal]);
    t.equal(run.code, 0, run.said);
    t.notMatch(stdoutOf(rig), 'READ');
    t.equal((await rig.run(['verify', './out'])).code, 0);
    t.equal(rig.report().isolation, 'sandbox');
    t.match(
      rig.read('out/audit.jsonl'),
      /"sandbox":\{"kind":"available","bubblewrap":"\/[^"]+","sha256":"[0-9a-f]{64}"/,
    );
    t.match(rig.report().stage_executions[0]?.isolation, { tier: 'sandbox', network: 'none', reason: null });
    t.match(rig.read('out/attempts/planning.1/audit.jsonl'), 'forged', 'what it wrote is kept, apart');
  },
  unless,
);

e2e(
  'a sandboxed stage can neither see nor end a process of the host',
  async (t, rig) => {
    const killer = plain(
      rig,
      'killer',
      `ls /proc | grep -c '^[0-9]' ; cat /proc/*/environ | tr '\\0' '\\n' | grep CANARY; kill -9 $PPID; kill -9 -1; exit 0`,
    );
    const env = { CANARY_TOKEN: 'canary-value-123456', PASSED: 'yes' };
    const run = await rig.run(['./out', ...SANDBOXED, '--manager-bin', killer], { env });
    t.ok([0, 1].includes(run.code ?? -1), `it may have ended itself: ${run.said}`);
    t.equal(run.signal, null);
    const [count = '', ...rest] = stdoutOf(rig).split('\n');
    t.ok(Number(count) < 10, `${count} processes seen`);
    t.notMatch(rest.join('\n'), 'CANARY');
    t.strictSame(await rig.survivorsAfter(3000), []);
  },
  unless,
);

e2e(
  'variables of a sandboxed stage stand in no argument that other users could read',
  async (t, rig) => {
    const napper = plain(rig, 'napper', `: > up; sleep ${rig.nap}`);
    const args = [
      './out',
      ...SANDBOXED,
      '--manager-env',
      'API_TOKEN=very-secret-value',
      '--manager-bin',
      napper,
    ];
    const live = rig.start(args);
    await until('the stage is up', () => rig.exists('up'));
    const seen = readdirSync('/proc').flatMap((pid) => (/^\d+$/.test(pid) ? [cmdline(pid)] : []));
    live.signal('SIGTERM');
    t.equal((await live.finished).code, 143);
    t.ok(
      seen.some((line) => line.includes('bwrap') && line.includes(rig.base)),
      'the sandbox is there',
    );
    t.notOk(seen.some((line) => line.includes('very-secret-value') && line.includes('bwrap')));
  },
  unless,
);

function cmdline(pid: string): string {
  return spawnSync('cat', [`/proc/${pid}/cmdline`], { encoding: 'utf8' }).stdout;
}

e2e(
  'the network is off in a sandbox unless it was asked for',
  async (t, rig) => {
    let visits = 0;
    const server = createServer((socket) => {
      visits += 1;
      socket.end();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    t.teardown(() => server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const dialler = plain(
      rig,
      'dialler',
      `perl -MIO::Socket::INET -e 'exit(IO::Socket::INET->new("127.0.0.1:${port}") ? 0 : 9)'`,
    );
    const off = await rig.run(['./out', ...SANDBOXED, '--manager-bin', dialler]);
    t.equal(off.code, 1, off.said);
    t.equal(visits, 0);
    const on = await rig.run(['./out', ...SANDBOXED, '--sandbox-network', 'on', '--manager-bin', dialler]);
    t.equal(on.code, 0, on.said);
    t.equal(visits, 1);
    t.match(rig.report().stage_executions[0]?.isolation, { tier: 'sandbox', network: 'host' });
    const own = await rig.run([
      ...['./out', ...SANDBOXED, '--manager-sandbox-network', 'on', '--manager-bin', dialler],
      ...['--executor-bin', dialler],
    ]);
    t.equal(own.code, 1, 'only the manager was given it');
    t.equal(visits, 2);
  },
  unless,
);

e2e(
  'artifacts reach the stages after it, and only what was expected leaves a sandbox',
  async (t, rig) => {
    rig.gitRepo();
    const manager = plain(
      rig,
      'manager',
      `mkdir -p out/plan; echo '{"n":1}' > out/plan/plan.json; echo x > out/plan/scrap`,
    );
    const executor = plain(
      rig,
      'executor',
      `cat out/plan/plan.json; echo 2 > out/plan/plan.json; ls out; echo done > made.txt`,
    );
    const reviewer = plain(rig, 'reviewer', `echo '{"passed":true}' > "$ORCHESTRATOR_OUT_DIR/review.json"`);
    const run = await rig.run([
      ...[
        './out',
        ...SANDBOXED,
        '--manager-bin',
        manager,
        '--manager-expected-artifact',
        'out/plan/plan.json',
      ],
      ...['--executor-bin', executor, '--executor-expected-artifact', 'made.txt'],
      ...['--reviewer-bin', reviewer, '--reviewer-expected-artifact', 'out/review.json'],
      ...['--validation-bin', 'test', '--validation-arg', '-f', '--validation-arg', 'made.txt'],
    ]);
    t.equal(run.code, 0, run.said);
    t.equal(rig.read('out/plan/plan.json'), '{"n":1}\n', 'read-only for who comes after');
    t.match(stdoutOf(rig, 'execution'), '{"n":1}');
    t.notOk(rig.exists('out/plan/scrap'));
    t.ok(rig.exists('out/attempts/planning.1/plan/scrap'), 'kept where it was written');
    t.notOk(rig.exists('out/attempts/execution.1'), 'an attempt that left nothing leaves no folder');
    t.equal((await rig.run(['verify', './out'])).code, 0);
  },
  unless,
);

e2e(
  'an artifact that leads out of the sandbox is not taken over, nor is anything removed by it',
  async (t, rig) => {
    rig.gitRepo();
    const victim = rig.write(join(rig.base, 'victim', 'plan.json'), '{"secret":true}');
    const folder = plain(rig, 'by-folder', `ln -s '${rig.base}/victim' out/plan`);
    const byFolder = await rig.run([
      ...[
        './out',
        ...SANDBOXED,
        '--manager-bin',
        folder,
        '--manager-expected-artifact',
        'out/deep/plan.json',
      ],
      ...['--manager-arg', 'x'],
    ]);
    t.equal(byFolder.code, 1, byFolder.said);
    const file = plain(rig, 'by-file', `rm -rf out/deep; ln -s '${rig.base}/victim' out/deep`);
    const byFile = await rig.run([
      ...['./out', ...SANDBOXED, '--manager-bin', file, '--manager-expected-artifact', 'out/deep/plan.json'],
    ]);
    t.equal(byFile.code, 1, byFile.said);
    t.equal(rig.report().stage_executions[0]?.status, 'artifact_malformed');
    t.equal(rig.read(victim), '{"secret":true}');
    t.notOk(rig.exists('out/deep/plan.json'));
  },
  unless,
);

e2e(
  'an artifact that leads to evidence or another work tree is not read for a sandboxed stage',
  async (t, rig) => {
    rig.gitRepo();
    rig.git('worktree', 'add', '-q', '--detach', 'nested');
    rig.write('nested/other.json', '{"other":true}');
    for (const target of ['out/orchestrator_checkpoint.json', 'nested/other.json']) {
      for (const place of ['out/plan.json', 'plan.json']) {
        const linker = plain(rig, 'linker', `ln -s '${rig.work}/${target}' ${place}; exit 0`);
        const run = await rig.run([
          ...['./out', ...SANDBOXED, '--tree-ignore', 'nested', '--manager-bin', linker],
          ...['--manager-expected-artifact', place],
        ]);
        t.equal(run.code, 1, `${place} to ${target}: ${run.said}`);
        t.match(run.said, 'it leads to what its sandbox does not show');
        t.strictSame(rig.report().artifacts, []);
      }
    }
  },
  unless,
);

e2e(
  'setting aside and putting back reach nothing through a folder that a sandboxed stage has made a link',
  async (t, rig) => {
    rig.gitRepo();
    const flags = ['./out', ...SANDBOXED, '--execution-max-iterations', '2'];
    const expecting = [...flags, '--executor-expected-artifact', 'reports/x.json', '--executor-bin'];
    const victim = join(rig.base, 'victim');
    rig.write(join(victim, 'x.json'), '{"precious":true}');
    const taker = plain(
      rig,
      'taker',
      `[ -L reports ] || { ln -s '${victim}' reports; exit 1; }; rm reports; mkdir reports; echo 1 > reports/x.json`,
    );
    await rig.run([...expecting, taker]);
    t.equal(rig.read(join(victim, 'x.json')), '{"precious":true}');
    rmSync(join(rig.work, 'reports'), { recursive: true, force: true });
    const target = join(rig.base, 'target');
    mkdirSync(target);
    const putter = plain(
      rig,
      'putter',
      `[ -d reports ] || { mkdir reports; echo '"evil"' > reports/x.json; exit 1; }
       rm -rf reports; ln -s '${target}' reports; exit 1`,
    );
    t.equal((await rig.run([...expecting, putter])).code, 1);
    t.strictSame(readdirSync(target), []);
  },
  unless,
);

e2e(
  'no link that a stage can turn decides what a sandbox shows',
  async (t, rig) => {
    rig.gitRepo();
    const secret = rig.write(join(rig.base, 'secret', 'key'), 'echo SEEN\n');
    mkdirSync(join(rig.base, 'deps'));
    symlinkSync(join(rig.base, 'deps'), join(rig.work, 'deps'));
    symlinkSync('deps', join(rig.base, 'work', 'again'));
    for (const flag of ['--sandbox-read', '--sandbox-write']) {
      const run = await rig.run(['./out', ...SANDBOXED, flag, 'again', '--executor-bin', '/bin/true']);
      t.equal(run.code, 2, run.said);
      t.match(run.stderr, `${rig.work}/again`);
      t.match(run.stderr, `${flag} ${join(rig.base, 'deps')}`);
      t.notOk(rig.exists('out'));
    }
    rig.write('agent.sh', `rm agent.sh; ln -s '${secret}' agent.sh; exit 1\n`);
    const script = ['--execution-max-iterations', '2', '--executor-bin', 'sh', '--executor-arg', 'agent.sh'];
    const turned = await rig.run(['./out', ...SANDBOXED, ...script]);
    t.equal(turned.code, 1, turned.said);
    t.notMatch(stdoutOf(rig, 'execution', 2), 'SEEN');
  },
  unless,
);

e2e(
  'the planning context is not written through a folder that a sandboxed stage has made a link',
  async (t, rig) => {
    rig.gitRepo();
    const target = join(rig.base, 'target');
    mkdirSync(target);
    const linker = plain(rig, 'linker', `rm -rf ctx; ln -s '${target}' ctx; exit 1`);
    const flags = ['--planning-context-artifact', 'ctx/context.json', '--executor-bin', linker];
    t.equal((await rig.run(['./out', ...SANDBOXED, ...flags])).code, 1);
    const again = await rig.run(['./out', '--resume', '--rerun-from', 'planning']);
    t.equal(again.code, 1, again.said);
    t.match(again.said, 'its folder leads out of repo-root and out_dir');
    t.strictSame(readdirSync(target), []);
  },
  unless,
);

e2e(
  'no folder on the way to out_dir or to another work tree can be renamed from a sandbox',
  async (t, rig) => {
    rig.gitRepo();
    rig.git('worktree', 'add', '-q', '--detach', 'trees/other');
    const mover = plain(
      rig,
      'mover',
      `for one in build trees; do mv $one moved-$one && echo "MOVED $one"; done
       mkdir -p build/deep/out trees/other; echo '{"forged":true}' > build/deep/out/orchestrator_checkpoint.json
       echo beside > build/beside; exit 0`,
    );
    const ignored = ['--tree-ignore', 'build', '--tree-ignore', 'trees'];
    const run = await rig.run(['./build/deep/out', ...SANDBOXED, ...ignored, '--manager-bin', mover]);
    t.equal(run.code, 0, run.said);
    t.notMatch(rig.read('build/deep/out/logs/planning.1.stdout.log'), 'MOVED');
    t.equal((await rig.run(['verify', './build/deep/out'])).code, 0);
    t.ok(rig.exists('trees/other/a.txt'));
    t.equal(rig.read('build/beside'), 'beside\n', 'what lies beside is its own');
  },
  unless,
);

e2e(
  'another work tree in the repository is hidden also where git notes it by a relative path, and none that is gone is made',
  async (t, rig) => {
    rig.gitRepo();
    for (const name of ['nested', 'gone']) rig.git('worktree', 'add', '-q', '--detach', name);
    rig.write('.git/worktrees/nested/gitdir', '../../../nested/.git\n');
    rmSync(join(rig.work, 'gone'), { recursive: true });
    const agent = plain(rig, 'agent', 'cat nested/a.txt && echo SEEN; echo evil > nested/a.txt; exit 0');
    const run = await rig.run(['./out', ...SANDBOXED, '--manager-bin', agent, '--tree-ignore', 'nested']);
    t.equal(run.code, 0, run.said);
    t.notMatch(stdoutOf(rig), 'SEEN');
    t.notMatch(rig.read('nested/a.txt'), 'evil');
    t.notOk(rig.exists('gone'));
  },
  unless,
);

e2e(
  'other work trees and the git folder cannot be changed from a sandbox',
  async (t, rig) => {
    rig.gitRepo();
    rig.git('worktree', 'add', '-q', '--detach', join(rig.base, 'other'));
    rig.git('worktree', 'add', '-q', '--detach', 'nested');
    const agent = plain(
      rig,
      'agent',
      `ls '${rig.base}/other' nested 2>/dev/null | grep -c a.txt; git status --short >/dev/null 2>&1 && echo git works
       echo evil > .git/hooks/post-commit; git config core.hooksPath evil; echo 'gitdir: /evil' > .git; mv .git dot; echo b > b.txt; exit 0`,
    );
    const run = await rig.run(['./out', ...SANDBOXED, '--manager-bin', agent, '--tree-ignore', 'nested']);
    t.equal(run.code, 0, run.said);
    t.match(stdoutOf(rig), /^0\ngit works\n/);
    t.notOk(rig.exists('.git/hooks/post-commit'));
    t.notMatch(rig.read('.git/config'), 'hooksPath');
    t.ok(rig.exists('b.txt'), 'the work tree is its own');
    const linked = await rig.run(['./out', ...SANDBOXED, '--manager-bin', agent], {
      cwd: join(rig.base, 'other'),
    });
    t.equal(linked.code, 0, linked.said);
    t.notMatch(rig.read('.git/config'), 'hooksPath', 'nor that of the main work tree, from a linked one');
    const allowed = await rig.run([
      ...['./out', ...SANDBOXED, '--sandbox-write', '.git', '--executor-bin', 'git'],
      ...[
        '--executor-arg',
        'commit',
        '--executor-arg',
        '--allow-empty',
        '--executor-arg',
        '-qm',
        '--executor-arg',
        'x',
      ],
      ...['A', 'C'].flatMap((who) => identity(who === 'A' ? 'AUTHOR' : 'COMMITTER')),
    ]);
    t.equal(allowed.code, 0, allowed.said);
    t.match(rig.git('log', '--format=%s'), /^x\nfirst\n$/);
  },
  unless,
);

function identity(who: string): readonly string[] {
  return ['NAME=A', 'EMAIL=a@example.org'].flatMap((one) => ['--executor-env', `GIT_${who}_${one}`]);
}

e2e(
  'private keys that the system keeps beside its certificates are not in a sandbox',
  async (t, rig) => {
    const agent = plain(
      rig,
      'agent',
      `cut -d' ' -f5 /proc/self/mountinfo; ls -A /etc/ssl/private | sed 's/^/FOUND /'; exit 0`,
    );
    const run = await rig.run(['./out', ...SANDBOXED, '--manager-bin', agent]);
    t.equal(run.code, 0, run.said);
    t.notMatch(stdoutOf(rig), 'FOUND');
    if (existsSync('/etc/ssl/private')) t.match(stdoutOf(rig), /^\/etc\/ssl\/private$/m);
  },
  unless,
);

e2e(
  'the home folder is empty in a sandbox, and what the operator shows is there',
  async (t, rig) => {
    const home = join(rig.base, 'home');
    rig.write(join(home, '.netrc'), 'password');
    rig.write(join(rig.base, 'tools', 'tool'), 'tool\n');
    mkdirSync(join(rig.base, 'cache'));
    symlinkSync(join(rig.base, 'tools'), join(rig.base, 'linked-tools'));
    const agent = plain(
      rig,
      'agent',
      `cat ~/.netrc 2>/dev/null; echo mine > ~/mine; cat '${rig.base}/linked-tools/tool'
       echo no > '${rig.base}/tools/tool'; echo kept > '${rig.base}/cache/kept'; cd; pwd; exit 0`,
    );
    const run = await rig.run([
      ...['./out', ...SANDBOXED, '--manager-bin', agent, '--sandbox-read', join(rig.base, 'linked-tools')],
      ...['--sandbox-write', join(rig.base, 'cache')],
    ]);
    t.equal(run.code, 0, run.said);
    t.equal(stdoutOf(rig), `tool\n${home}\n`);
    t.equal(rig.read(join(rig.base, 'tools', 'tool')), 'tool\n');
    t.equal(rig.read(join(rig.base, 'cache', 'kept')), 'kept\n');
    t.notOk(rig.exists(join(home, 'mine')));
  },
  unless,
);

e2e(
  'a sandboxed stage gets SIGTERM and its grace, and nothing of it outlives its end',
  async (t, rig) => {
    const agent = plain(rig, 'agent', `trap 'echo graceful; exit 0' TERM; : > up; sleep ${rig.nap} & wait`);
    const late = await rig.run([
      './out',
      ...SANDBOXED,
      '--manager-bin',
      agent,
      '--manager-timeout-ms',
      '600',
    ]);
    t.equal(late.code, 124, late.said);
    t.match(stdoutOf(rig), 'graceful');
    const leaver = plain(
      rig,
      'leaver',
      `setsid sleep ${rig.nap} & (trap '' TERM; sleep ${rig.nap}) & exit 0`,
    );
    const left = await rig.run(['./out', ...SANDBOXED, '--manager-bin', leaver]);
    t.equal(left.code, 0, left.said);
    t.strictSame(await rig.survivorsAfter(2000), []);
    const tidy = await rig.run(['./out', ...SANDBOXED, '--manager-bin', plain(rig, 'tidy', 'exit 0')]);
    t.equal(tidy.code, 0, tidy.said);
    t.equal(
      rig.report().stage_executions[0]?.process_tree?.killed,
      0,
      'its own first process is not counted',
    );
  },
  unless,
);

e2e(
  'SIGKILL of the orchestrator ends a sandbox, and the run resumes in one',
  async (t, rig) => {
    const agent = plain(rig, 'agent', `[ -e go ] || { : > up; setsid sleep ${rig.nap} & sleep ${rig.nap}; }`);
    const live = rig.start(['./out', ...SANDBOXED, '--manager-bin', agent]);
    await until('the stage is up', () => rig.exists('up'));
    live.signal('SIGKILL');
    await live.exited;
    t.strictSame(await rig.survivorsAfter(3000), []);
    rig.write('go', '');
    const resumed = await rig.run(['./out', '--resume']);
    t.equal(resumed.code, 0, resumed.said);
    t.equal(rig.report().stage_executions.at(1)?.isolation?.tier, 'sandbox');
  },
  unless,
);

e2e(
  'a program that the sandbox does not show is a start that failed, with a hint',
  async (t, rig) => {
    rig.write(join(rig.base, 'lib', 'part.sh'), 'echo part\n');
    const agent = plain(rig, 'agent', `exec '${rig.base}/lib/part.sh'`);
    const missing = await rig.run(['./out', ...SANDBOXED, '--manager-bin', agent]);
    t.equal(missing.code, 1, missing.said);
    t.match(missing.said, '--sandbox-read');
    const ranges = plain(rig, 'ranges', 'exit 1');
    const failed = await rig.run(['./out', ...SANDBOXED, '--manager-bin', ranges]);
    t.equal(failed.code, 1);
    t.equal(
      rig.report().stage_executions[0]?.status,
      'failed',
      'exit 1 of the program is not taken for a sandbox',
    );
    t.equal(rig.report().stage_executions[0]?.exit_code, 1);
  },
  unless,
);

/** A PATH with git and a bubblewrap that says no, or none at all. */
function pathWith(rig: Rig, bwrap: string | null): string {
  const folder = join(rig.base, bwrap === null ? 'bare' : 'refusing');
  mkdirSync(folder);
  for (const tool of ['sh', 'git', 'grep', 'ls', 'sleep', 'cat', 'env', 'true', 'prlimit', 'flock']) {
    symlinkSync(`/usr/bin/${tool}`, join(folder, tool));
  }
  if (bwrap !== null) rig.write(join(folder, 'bwrap'), bwrap, 0o755);
  return folder;
}

const REFUSING = '#!/bin/sh\necho "bwrap: setting up uid map: Permission denied" >&2\nexit 1\n';

e2e('a sandbox that is required and cannot be had is exit 2, before anything is written', async (t, rig) => {
  const flags = ['./out', ...ALL_PASS, '--manager-bin', '/bin/true'];
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['none', pathWith(rig, null), /bwrap.*was not found on PATH/],
    ['refused', pathWith(rig, REFUSING), /setting up uid map: Permission denied/],
  ];
  for (const [name, path, words] of cases) {
    for (const ask of [
      ['--sandbox', 'required'],
      ['--manager-sandbox', 'required'],
    ]) {
      const run = await rig.run([...flags, ...ask], { env: { PATH: path } });
      t.equal(run.code, 2, `${name}: ${run.said}`);
      t.match(run.stderr, words, name);
      t.notOk(rig.exists('out'), name);
    }
    const auto = await rig.run([...flags, '--sandbox', 'auto'], { env: { PATH: path } });
    t.equal(auto.code, 0, auto.said);
    t.match(auto.said, words, 'what is missing is said');
    t.equal(rig.report().isolation, 'none');
    t.match(rig.report().stage_executions[0]?.isolation, { tier: 'none', network: 'host', reason: words });
    await rig.run(['--version'], { through: ['/bin/sh', '-c', `rm -rf '${rig.out}'; exec "$@"`, 'sh'] });
  }
});

e2e('a bubblewrap inside the work tree is not the one that is started', async (t, rig) => {
  rig.gitRepo();
  rig.write('bin/bwrap', '#!/bin/sh\n: > fooled\nexit 0\n', 0o755);
  const env = { PATH: `${rig.work}/bin:${pathWith(rig, null)}` };
  const run = await rig.run(['./out', ...SANDBOXED, '--manager-bin', '/bin/true'], { env });
  t.equal(run.code, 2, run.said);
  t.notOk(rig.exists('fooled'));
});

e2e(
  'a completed stage that ran without a sandbox does not count once one is required',
  async (t, rig) => {
    rig.gitRepo();
    const flags = ['--policy-status', 'allow', '--ci-status', 'success', '--manager-bin', '/bin/true'];
    t.equal((await rig.run(['./out', ...flags])).code, 3);
    const before = rig.read('out/orchestrator_checkpoint.json');
    const refused = await rig.run([
      './out',
      '--resume',
      '--sandbox',
      'required',
      '--review-status',
      'approved',
    ]);
    t.equal(refused.code, 2, refused.said);
    t.match(refused.stderr, 'planning has completed, and its manager ran without a sandbox');
    t.equal(rig.read('out/orchestrator_checkpoint.json'), before);
    const again = await rig.run([
      ...['./out', '--resume', '--sandbox', 'required', '--review-status', 'approved'],
      ...['--rerun-from', 'planning'],
    ]);
    t.equal(again.code, 0, again.said);
    t.equal(rig.report().isolation, 'mixed', 'what ran before stays on record');
  },
  unless,
);

e2e(
  'what would put evidence within reach of a sandboxed stage is exit 2, and nothing is written',
  async (t, rig) => {
    rig.gitRepo();
    mkdirSync(join(rig.base, 'evidence'));
    const key = rig.write(join(rig.base, 'keys', 'state.key'), 'k'.repeat(40), 0o600);
    const flags = [...SANDBOXED, '--manager-bin', '/bin/true'];
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['./out', '--checkpoint-path', './state.json'], /--checkpoint-path/],
      [['./out', '--sandbox-read', '/'], /--sandbox-read/],
      [['./out', '--sandbox-read', '/nowhere'], /expected something that exists/],
      [['./out', '--manager-expected-artifact', '/var/elsewhere.json'], /--manager-expected-artifact/],
      [['..'], /out_dir/],
      [['./out', '--state-key-file', key, '--sandbox-read', join(rig.base, 'keys')], /--state-key-file/],
    ];
    for (const [args, words] of cases) {
      const run = await rig.run([...args, ...flags]);
      t.equal(run.code, 2, `${args.join(' ')}: ${run.said}`);
      t.match(run.stderr, words);
      t.notOk(rig.exists('out'), args.join(' '));
    }
    t.equal((await rig.run(['./out', ...flags])).code, 0);
    const inside = await rig.run(['./out', ...flags, '--sandbox-write', './out/logs']);
    t.equal(inside.code, 2, inside.said);
    const around = await rig.run(['./out', ...flags, '--sandbox-write', '.']);
    t.equal(around.code, 0, 'out_dir in a folder that is shown is covered');
  },
  unless,
);

e2e('--dry-run says which stages would be sandboxed, and starts nothing', async (t, rig) => {
  const bwrap = `#!/bin/sh\n: > '${rig.base}/started'\nexit 0\n`;
  const env = { PATH: pathWith(rig, bwrap) };
  const dry = await rig.run(
    [
      './out',
      '--dry-run',
      '--sandbox',
      'required',
      '--manager-bin',
      '/bin/true',
      '--executor-bin',
      '/bin/true',
      '--executor-sandbox',
      'off',
    ],
    { env },
  );
  t.equal(dry.code, 0, dry.said);
  t.match(dry.stdout, /manager[\s\S]*sandbox: required, network off[\s\S]*executor[\s\S]*sandbox: off/);
  t.notOk(rig.exists(`${rig.base}/started`));
});

e2e('a descriptor that the caller left open reaches no stage', async (t, rig) => {
  const agent = rig.agent('lister', 'ls /proc/self/fd | tr "\\n" " "');
  const through = ['/bin/bash', '-c', 'exec 7</etc 9>/dev/null; exec "$@"', 'bash'];
  const run = await rig.run(['./out', ...ALL_PASS, '--manager-bin', agent], { through, env: { PATH } });
  t.equal(run.code, 0, run.said);
  const open = stdoutOf(rig)
    .trim()
    .split(' ')
    .filter((one) => Number(one) > 3);
  t.strictSame(open, [], 'standard streams, and the listing itself');
});
