import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ALL_PASS, e2e, PATH, until } from './rig.ts';
import { plain, SANDBOXED, stdoutOf, unless } from './sandboxed.ts';

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
    const committing = [
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
    ];
    const allowed = await rig.run(committing);
    t.equal(allowed.code, 0, allowed.said);
    const there = await rig.run(committing, { cwd: join(rig.base, 'other') });
    t.equal(there.code, 0, `also in a linked work tree, where .git is a file: ${there.said}`);
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
