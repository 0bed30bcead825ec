import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { newGithubMemory } from '../../../src/gates/github/memory.ts';
import type { GithubPorts } from '../../../src/gates/github/ports.ts';
import { githubCacheFile } from '../../../src/gates/github/shared-file.ts';
import {
  greenAnswer,
  portsFor,
  pullBody,
  type Reply,
  readCi,
  runBody,
  runsBody,
  type Seen,
  type SetClock,
  setClock,
  type TinyForge,
  tinyForge,
} from './forge-rig.ts';

interface World {
  runs: readonly unknown[];
  pull: Record<string, unknown>;
}

const QUEUED = runBody(1, { status: 'queued', conclusion: null });

/** A forge with ETags whose world can change; `charged` are the requests that were not answered by 304. */
async function etagForge(
  t: Parameters<typeof tinyForge>[0],
  world: World,
): Promise<TinyForge & { readonly charged: Seen[] }> {
  const charged: Seen[] = [];
  const forge = await tinyForge(t, () => (seen) => {
    const reply = answerOf(world, seen);
    if (reply === null) charged.push(seen);
    if (reply === null) return null;
    const etag = `"${createHash('sha256').update(JSON.stringify(reply.body)).digest('hex')}"`;
    if (seen.headers['if-none-match'] === etag) return { status: 304, headers: { etag } };
    charged.push(seen);
    return { ...reply, headers: { etag } };
  });
  return { ...forge, charged };
}

function answerOf(world: World, seen: Seen): Reply | null {
  if (/\/pulls\/7$/.test(seen.path)) return { body: world.pull };
  if (seen.path.includes('/check-runs')) return { body: runsBody(world.runs) };
  return greenAnswer(seen);
}

function runPorts(forge: TinyForge, clock: SetClock, folder: string, token = 'secret-token'): GithubPorts {
  const cacheFile = githubCacheFile(folder, forge.baseUrl, token);
  return portsFor(forge.baseUrl, { clock, cacheFile, token, memory: newGithubMemory() });
}

t.test('50 runs that wait for ten minutes make one conditional request a minute together', async (t) => {
  const [clock, folder] = [setClock(), t.testdir()];
  const forge = await etagForge(t, { runs: [QUEUED], pull: pullBody() });
  const runs = Array.from({ length: 50 }, () => runPorts(forge, clock, folder));
  for (const ports of runs) t.equal((await readCi(ports, 'waiting')).waitsFor, 'the check "build"');
  const first = forge.seen.length;
  for (let minute = 0; minute < 10; minute += 1) {
    // Each run wakes at a moment of its own.
    for (const ports of runs) {
      clock.advance(60_000 / runs.length);
      t.equal((await readCi(ports, 'waiting')).document.passed, false);
    }
  }
  const polls = forge.seen.slice(first);
  t.comment(`first readings of all 50 runs: ${first} requests; ten minutes of waiting: ${polls.length}`);
  t.ok(polls.length <= 10, `${polls.length} requests in ten minutes`);
  t.ok(polls.length >= 9, 'they do look');
  t.ok(
    polls.every((seen) => seen.headers['if-none-match'] !== undefined),
    'each of them is conditional',
  );
  // Pull request, rules, protection, suites, statuses, check runs; the protection that is not there has no ETag.
  t.ok(first <= 6 + 49, `${first} requests before the wait`);
});

t.test('a waiting run sees the end of a check by the poll of another run', async (t) => {
  const [clock, folder] = [setClock(), t.testdir()];
  const world: World = { runs: [QUEUED], pull: pullBody() };
  const forge = await etagForge(t, world);
  const [ann, ben] = [runPorts(forge, clock, folder), runPorts(forge, clock, folder)];
  await readCi(ann, 'waiting');
  await readCi(ben, 'waiting');
  world.runs = [runBody(1)];
  // Two addresses are watched, so the check runs have their turn within two intervals.
  for (const _ of [1, 2]) {
    clock.advance(60_000);
    await readCi(ann, 'waiting');
  }
  const reading = await readCi(ben, 'waiting');
  t.equal(reading.document.passed, true);
  t.equal(reading.waitsFor, null);
});

t.test('a head that moves while a check is awaited is seen', async (t) => {
  const [clock, folder] = [setClock(), t.testdir()];
  const world: World = { runs: [QUEUED], pull: pullBody() };
  const ports = runPorts(await etagForge(t, world), clock, folder);
  await readCi(ports, 'waiting');
  world.pull = pullBody({ head: { sha: 'c'.repeat(40), ref: 'work', repo: null } });
  for (const _ of [1, 2]) {
    clock.advance(60_000);
    await readCi(ports, 'waiting');
  }
  const { document, waitsFor } = await readCi(ports, 'waiting');
  t.ok(document.details.some((detail) => detail.code === 'head_moved'));
  t.equal(waitsFor, null);
});

t.test('what is remembered never passes: the forge is asked again before a wait ends well', async (t) => {
  const [clock, folder] = [setClock(), t.testdir()];
  const world: World = { runs: [runBody(1)], pull: pullBody() };
  const forge = await etagForge(t, world);
  t.equal((await readCi(runPorts(forge, clock, folder), 'waiting')).document.passed, true);
  world.runs = [runBody(1), runBody(2, { conclusion: 'failure' })];
  const late = await readCi(runPorts(forge, clock, folder), 'waiting');
  t.equal(
    late.document.passed,
    false,
    'the green answer in the shared cache is a moment old, and does not count',
  );
});

t.test(
  'a closing decision costs at most three requests, the pull request and the check runs last',
  async (t) => {
    const [clock, folder] = [setClock(), t.testdir()];
    const forge = await etagForge(t, { runs: [runBody(1)], pull: pullBody() });
    const ports = runPorts(forge, clock, folder);
    await readCi(ports, 'waiting');
    const [asked, charged] = [forge.seen.length, forge.charged.length];
    t.equal((await readCi(ports, 'closing')).document.passed, true);
    const names = forge.seen.slice(asked).map(({ path }) => /(status|pulls|check-runs)/.exec(path)?.[0]);
    t.strictSame(names, ['status', 'pulls', 'check-runs']);
    t.equal(forge.charged.length - charged, 0, 'nothing has changed: all three are answered by 304');
  },
);

t.test(
  'a closing decision of a process that knows nothing but the cache file costs what has no ETag',
  async (t) => {
    const [clock, folder] = [setClock(), t.testdir()];
    const forge = await etagForge(t, { runs: [runBody(1)], pull: pullBody() });
    await readCi(runPorts(forge, clock, folder), 'closing');
    const charged = forge.charged.length;
    t.equal((await readCi(runPorts(forge, clock, folder), 'closing')).document.passed, true);
    t.strictSame(
      forge.charged.slice(charged).map(({ path }) => /protection/.test(path)),
      [true],
    );
  },
);

t.test('a clock that is set back stops no poll', async (t) => {
  const [clock, folder] = [setClock(), t.testdir()];
  const forge = await etagForge(t, { runs: [QUEUED], pull: pullBody() });
  const ports = runPorts(forge, clock, folder);
  await readCi(ports, 'waiting');
  clock.advance(60_000);
  await readCi(ports, 'waiting');
  clock.advance(-86_400_000);
  await readCi(ports, 'waiting');
  const asked = forge.seen.length;
  clock.advance(60_000);
  await readCi(ports, 'waiting');
  t.ok(forge.seen.length > asked);
});

t.test('a poll that fails by chance does not end the wait', async (t) => {
  const clock = setClock();
  let down = false;
  const forge = await tinyForge(t, () => (seen) => {
    if (down) return { status: 502, body: '' };
    return seen.path.includes('/check-runs') ? { body: runsBody([QUEUED]) } : greenAnswer(seen);
  });
  const ports = portsFor(forge.baseUrl, { clock });
  await readCi(ports, 'waiting');
  down = true;
  clock.advance(60_000);
  t.match(await readCi(ports, 'waiting'), { document: { passed: false }, waitsFor: 'the check "build"' });
  const closing = await readCi(ports, 'closing');
  t.match(closing, { document: { passed: false }, waitsFor: 'an answer of GitHub' });
});

t.test('the cache file is for its owner alone, and does not hold the token', async (t) => {
  const folder = t.testdir();
  const forge = await etagForge(t, { runs: [QUEUED], pull: pullBody() });
  const ports = runPorts(forge, setClock(), join(folder, 'below'));
  await readCi(ports, 'waiting');
  const file = ports.cacheFile ?? '';
  t.equal(statSync(file).mode & 0o777, 0o600);
  t.notMatch(file + (await readFile(file, 'utf8')), /secret-token/);
});

for (const [what, spoil] of [
  ['is cut', (text: string) => text.slice(0, -100)],
  ['was changed by somebody without the token', (text: string) => text.replaceAll('queued', 'QUEUED')],
  ['is empty', () => ''],
] as const) {
  t.test(`a cache file that ${what} is as good as none`, async (t) => {
    const [clock, folder] = [setClock(), t.testdir()];
    const forge = await etagForge(t, { runs: [QUEUED], pull: pullBody() });
    const ports = runPorts(forge, clock, folder);
    await readCi(ports, 'waiting');
    const file = ports.cacheFile ?? '';
    const text = await readFile(file, 'utf8');
    t.not(spoil(text), text);
    await writeFile(file, spoil(text));
    const asked = forge.seen.length;
    t.equal((await readCi(runPorts(forge, clock, folder), 'waiting')).waitsFor, 'the check "build"');
    const again = forge.seen.slice(asked);
    t.equal(again.length, 6, 'everything is asked again');
    t.ok(again.every((seen) => seen.headers['if-none-match'] === undefined));
  });
}

t.test('two tokens share nothing', async (t) => {
  const folder = t.testdir();
  const one = githubCacheFile(folder, 'https://api.github.com/', 'one');
  t.not(one, githubCacheFile(folder, 'https://api.github.com', 'two'));
  t.equal(one, githubCacheFile(folder, 'https://api.github.com', 'one'));
  t.equal(githubCacheFile(folder, 'https://api.github.com', null), null);
});
