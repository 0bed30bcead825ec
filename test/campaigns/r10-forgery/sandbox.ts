import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ALL_PASS, type Rig } from '../../e2e/rig.ts';
import { type Attack, type NotTried, unless, unlessEnded } from './attack.ts';

const CANARY = 'canary-in-the-environment-of-the-orchestrator';
const SAID = 'out/logs/planning.1.stdout.log';

/** A script whose output says what it reached: the ledger is outside of every sandbox. */
function script(rig: Rig, body: string): string {
  return rig.write(join(rig.base, 'agent'), `#!/bin/sh\n${body}\nexit 0\n`, 0o755);
}

/** What the same agent says with a sandbox and without. */
async function bothWays(rig: Rig, body: string): Promise<Readonly<Record<'inside' | 'outside', string>>> {
  const agent = script(rig, body);
  const said = async (sandbox: string): Promise<string> => {
    const env = { CANARY_TOKEN: CANARY };
    const flags = ['--sandbox', sandbox, '--kill-grace-ms', '200', '--manager-timeout-ms', '20000'];
    const run = await rig.run(['./out', ...ALL_PASS, ...flags, '--manager-bin', agent], { env });
    return `exit ${run.code}\n${rig.exists(SAID) ? rig.read(SAID) : run.said}`;
  };
  return { inside: await said('required'), outside: await said('off') };
}

/** Empty where the word is said outside and not inside. */
function onlyOutside(said: Readonly<Record<'inside' | 'outside', string>>, word: string): readonly string[] {
  return [
    ...unless(said.outside.includes(word), `the control did not say ${word}: ${said.outside}`),
    ...unless(!said.inside.includes(word), `a sandboxed agent said ${word}: ${said.inside}`),
    ...unless(said.inside.startsWith('exit 0\n'), `the sandboxed run: ${said.inside}`),
  ];
}

const CONTROL = 'the same agent without a sandbox gets there';

const REACHING: readonly Attack[] = [
  {
    row: 13,
    name: "an agent reads the orchestrator's environment",
    control: CONTROL,
    attempt: async (rig) => {
      const body = `cat /proc/[0-9]*/environ 2>/dev/null | grep -qa 'CANARY_TOKEN=${CANARY}' && echo FOUND`;
      return onlyOutside(await bothWays(rig, body), 'FOUND');
    },
  },
  {
    row: 20,
    name: 'an agent reaches another work tree of the repository',
    control: CONTROL,
    attempt: async (rig) => {
      rig.gitRepo();
      rig.git('worktree', 'add', '-q', '--detach', join(rig.base, 'other'));
      const body = `echo evil > '${rig.base}/other/a.txt' && echo REACHED`;
      return onlyOutside(await bothWays(rig, body), 'REACHED');
    },
  },
  {
    row: 20,
    name: 'an agent plants a hook, and points .git elsewhere',
    control: 'without a sandbox it gets there, and the run is blocked for it',
    attempt: async (rig) => {
      rig.gitRepo();
      const agent = script(
        rig,
        'echo evil > .git/hooks/post-commit && echo REACHED; echo "gitdir: /evil" > .git',
      );
      const flags = ['./out', ...ALL_PASS, '--executor-bin', agent, '--sandbox'];
      const inside = await rig.run([...flags, 'required']);
      const outside = await rig.run([...flags, 'off']);
      return [...unlessEnded(inside, 0), ...unlessEnded(outside, 3, 'GIT_SETTINGS_CHANGED')];
    },
  },
  {
    row: 22,
    name: 'an agent looks for the orchestrator to end it',
    control: CONTROL,
    attempt: async (rig) => {
      const body = `cat /proc/[0-9]*/cmdline 2>/dev/null | grep -qa '[-]-policy-status' && echo FOUND`;
      return onlyOutside(await bothWays(rig, body), 'FOUND');
    },
  },
  {
    row: 23,
    name: 'an agent talks to a server of this machine',
    control: CONTROL,
    attempt: async (rig) => {
      const server = createServer((socket) => socket.end());
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : 0;
      const dial = `IO::Socket::INET->new("127.0.0.1:${port}") and print "REACHED\\n"`;
      const said = await bothWays(rig, `perl -MIO::Socket::INET -e '${dial}'`);
      server.close();
      return onlyOutside(said, 'REACHED');
    },
  },
];

/** A PATH without a bubblewrap, or with one that cannot make a sandbox. */
function pathWith(rig: Rig, name: string, bwrap: string | null): string {
  const folder = join(rig.base, name);
  mkdirSync(folder);
  for (const tool of ['sh', 'grep', 'ls', 'sleep', 'cat', 'true', 'prlimit', 'flock']) {
    symlinkSync(`/usr/bin/${tool}`, join(folder, tool));
  }
  if (bwrap !== null) rig.write(join(folder, 'bwrap'), bwrap, 0o755);
  return folder;
}

const MISSING: Attack = {
  row: 25,
  name: 'the sandbox is silently missing, or fails as a program would',
  control: 'with --sandbox auto the same machine runs the stage, and the report gives the reason',
  attempt: async (rig) => {
    const no = '#!/bin/sh\necho "bwrap: setting up uid map: Permission denied" >&2\nexit 1\n';
    const complaints: string[] = [];
    for (const [name, bwrap] of [['none', null] as const, ['refused', no] as const]) {
      const env = { PATH: pathWith(rig, name, bwrap) };
      const flags = [...ALL_PASS, '--manager-bin', '/bin/true'];
      const required = await rig.run([`./${name}`, ...flags, '--sandbox', 'required'], { env });
      complaints.push(...unlessEnded(required, 2, 'a sandbox is required'));
      complaints.push(...unless(!rig.exists(name), `${name}: something was written`));
      const auto = await rig.run([`./${name}`, ...flags, '--sandbox', 'auto'], { env });
      complaints.push(...unlessEnded(auto, 0, 'without a sandbox'));
      complaints.push(...unless(rig.report(join(rig.work, name)).isolation === 'none', `${name}: isolation`));
    }
    return complaints;
  },
};

/** Why no sandbox can be made here, in words; null where one can. */
function whyNone(): string | null {
  const args = ['--unshare-all', '--unshare-user', '--disable-userns', '--ro-bind', '/', '/', 'true'];
  const tried = spawnSync('bwrap', args, { encoding: 'utf8' });
  if (tried.status === 0) return null;
  return `needs bubblewrap 0.8 and user namespaces: ${tried.error?.message ?? tried.stderr.trim()}`;
}

const why = whyNone();

/** What a sandbox keeps an agent from, where one can be made; that it is missing is tried everywhere. */
export const SANDBOX: readonly Attack[] = [...(why === null ? REACHING : []), MISSING];

/** Rows, or parts of them, that are not tried here. */
export const NOT_TRIED: readonly NotTried[] = [
  ...(why === null ? [] : REACHING.map(({ row, name }) => ({ row, name, why }))),
  {
    row: 22,
    name: 'an agent fills the process table or the memory',
    why: 'not defended: docs/sandbox.md says so',
  },
];
