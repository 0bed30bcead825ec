/** A remote and a forge to deliver to, both of which count what is written to them. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { readScenario } from '../forge/scenario.ts';
import { type Forge, startForge } from '../forge/server.ts';
import { ALL_PASS, PATH, type Rig } from './rig.ts';

export const BRANCH = 'agent/fix';

/** Where an orchestrator is killed: at a call of git, inside the remote, or at a request to the forge. */
export type Moment =
  | `${'fast-import' | 'push' | 'ls-remote'} ${'before' | 'after'}`
  | 'push midway'
  | `POST ${'before' | 'after' | 'answered'}`;

export const MOMENTS: readonly Moment[] = [
  'fast-import before',
  'fast-import after',
  'ls-remote before',
  'push before',
  'push midway',
  'push after',
  'POST before',
  'POST after',
  'POST answered',
];

export interface Delivery {
  readonly forge: Forge;
  /** A fresh run that delivers branch and pull request, every gate asserted open. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Updates of the branch that the remote has accepted, `old new ref`. */
  updates(): readonly string[];
  /** The commit that the remote's branch has; empty where it is not there. */
  head(): string;
  /** Kills the orchestrator that comes to this moment next; `pid` is asked then. */
  arm(moment: Moment, pid: () => number): void;
  /** Whether what was armed is still to come. */
  isArmed(): boolean;
  close(): Promise<void>;
}

/** Makes `rig` a repository with one commit that was pushed, an agent that changes a file, and all of that. */
export async function deliverable(rig: Rig): Promise<Delivery> {
  const url = join(rig.base, 'remote.git');
  const file = (name: string): string => join(rig.base, name);
  rig.gitRepo({ 'a.txt': 'a\n', '.gitignore': 'out\n' });
  execFileSync('git', ['init', '-q', '--bare', '-b', 'main', url], { env: { PATH } });
  rig.git('remote', 'add', 'origin', url);
  rig.git('push', '-q', 'origin', 'main');
  writeFileSync(file('updates'), '');
  hook(url, 'post-receive', `cat >> '${file('updates')}'`);
  const strike = `rm '${file('armed')}'; kill -9 "$(cat '${file('pid')}')"`;
  hook(
    url,
    'pre-receive',
    `if [ "$(cat '${file('armed')}' 2>/dev/null)" = 'push midway' ]; then ${strike}; fi`,
  );
  const git = rig.write(join(rig.base, 'git-bin', 'git'), standIn(file('armed')), 0o755);
  const forge = await startForge(readScenario({ ...SCENARIO, repository: url }));
  let armed: { readonly moment: Moment; readonly pid: () => number } | null = null;
  const proxy = await startProxy(forge.url, (moment) => {
    if (armed?.moment !== moment) return false;
    process.kill(armed.pid(), 'SIGKILL');
    armed = null;
    return true;
  });
  const agent = rig.agent('fixes', 'echo fixed >> a.txt');
  return {
    forge,
    args: [
      ...['./out', '--executor-bin', agent, ...ALL_PASS, '--kill-grace-ms', '200'],
      ...['--delivery-branch', BRANCH, '--delivery-commit-message', 'Fix it'],
      ...['--delivery-pr', 'github:acme/shop', '--delivery-pr-base', 'main'],
      ...['--github-url', `${proxy.url}/api/v3`],
    ],
    env: { PATH: `${join(git, '..')}:${PATH}`, GITHUB_TOKEN: 'forge-token' },
    updates: () => readFileSync(file('updates'), 'utf8').split('\n').filter(Boolean),
    head: () =>
      execFileSync(
        'git',
        ['--git-dir', url, 'for-each-ref', '--format=%(objectname)', `refs/heads/${BRANCH}`],
        { env: { PATH }, encoding: 'utf8' },
      ).trim(),
    arm: (moment, pid) => {
      writeFileSync(file('pid'), String(pid()));
      if (moment.startsWith('POST')) armed = { moment, pid };
      else writeFileSync(file('armed'), moment);
    },
    isArmed: () => armed !== null || existsSync(file('armed')),
    close: async () => {
      await proxy.close();
      await forge.close();
    },
  };
}

const SCENARIO = {
  shows: 'A change that a run delivers.',
  verdict: { forge: 'github', gate: 'ci', status: 'missing', passed: false, codes: [] },
};

function hook(repository: string, name: string, body: string): void {
  writeFileSync(join(repository, 'hooks', name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}

/** Stands in for git: kills whoever started it, before or after git has done it. */
function standIn(armed: string): string {
  return `#!/bin/sh
for word in "$@"; do case "$word" in fast-import|push|ls-remote) break ;; esac; word=; done
if [ "$(cat '${armed}' 2>/dev/null)" = "$word before" ]; then rm '${armed}'; kill -9 "$PPID"; exit 1; fi
PATH=${PATH} git "$@"
code=$?
if [ "$(cat '${armed}' 2>/dev/null)" = "$word after" ]; then rm '${armed}'; kill -9 "$PPID"; fi
exit $code
`;
}

/** In front of the forge; `strike` says whether the client was killed at this moment. */
async function startProxy(
  target: string,
  strike: (moment: Moment) => boolean,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server: Server = createServer();
  server.on('request', async (incoming, outgoing) => {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part);
    const isPost = incoming.method === 'POST';
    if (isPost && strike('POST before')) return void outgoing.destroy();
    const answer = await fetch(target + incoming.url, {
      method: incoming.method ?? 'GET',
      headers: headersOf(incoming.headers),
      ...(parts.length === 0 ? {} : { body: Buffer.concat(parts) }),
    });
    const body = Buffer.from(await answer.arrayBuffer());
    if (isPost && strike('POST after')) return void outgoing.destroy();
    const { 'content-encoding': _coding, ...headers } = Object.fromEntries(answer.headers);
    outgoing.writeHead(answer.status, headers);
    outgoing.end(body, () => {
      if (isPost) strike('POST answered');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function headersOf(all: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const kept = Object.entries(all).filter(
    ([name]) => !['host', 'connection', 'content-length'].includes(name),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value ?? '')]));
}
