import t from 'tap';
import { type EndTreeOptions, endTree } from '../../src/process/end-tree.ts';
import type { ProcessFinder, Sighting, TreeScope } from '../../src/process/tree-scope.ts';

/** One process (pid 7) in a group of its own, and what it was sent. */
interface Rig {
  readonly sent: string[];
  readonly options: EndTreeOptions;
  readonly sweeps: () => number;
}

const CLEAN: Sighting = { alive: [], vanished: 0, blind: false };
const ALIVE: Sighting = { alive: [{ pid: 7, start: 1, group: 7 }], vanished: 0, blind: false };

function rig(
  sightings: (sweep: number, sent: readonly string[]) => Sighting,
  more: Partial<EndTreeOptions> = {},
): Rig {
  const sent: string[] = [];
  let sweeps = 0;
  let now = 0;
  const finder: ProcessFinder = {
    method: 'proc',
    identify: () => null,
    find: () => sightings(sweeps++, sent),
    signal: (one, name) => sent.push(`${one.pid} ${name}`) > 0,
    signalGroup: (group, name) => sent.push(`-${group} ${name}`) > 0,
  };
  const scope: TreeScope = {
    root: { pid: 5, start: 1 },
    since: 1,
    groups: new Set([5]),
    members: new Map(),
    cookies: [],
    links: new Set(),
    marks: [],
    spared: new Set(),
  };
  const clock = { now: () => 0, monotonic: () => (now += 1_000) };
  const options = { finder, scope, graceMs: 5_000, clock, rootEnded: () => true, immediate: () => false };
  return { sent, sweeps: () => sweeps, options: { ...options, onWake: () => () => {}, ...more } };
}

t.test('nothing left costs two sweeps', async (t) => {
  const { options, sent, sweeps } = rig(() => CLEAN);
  t.strictSame(await endTree(options), { killed: 0, survivors: 0, clean_sweeps: 2, method: 'proc' });
  t.equal(sweeps(), 2);
  t.strictSame(sent, []);
});

t.test('a clean sweep counts only when two are in a row', async (t) => {
  const { options, sweeps } = rig((sweep) => (sweep === 1 ? ALIVE : CLEAN));
  t.match(await endTree(options), { killed: 1, clean_sweeps: 2 });
  t.equal(sweeps(), 4);
});

t.test('a sweep in which processes vanished is repeated, but not for ever', async (t) => {
  const { options, sweeps } = rig(() => ({ alive: [], vanished: 3, blind: false }));
  t.match(await endTree(options), { survivors: 0, clean_sweeps: 2 });
  t.equal(sweeps(), 7);
});

t.test('SIGTERM comes once, with SIGCONT behind it; SIGKILL only after the grace period', async (t) => {
  const { options, sent } = rig((_sweep, done) => (done.includes('7 SIGKILL') ? CLEAN : ALIVE));
  await endTree(options);
  t.strictSame(sent, ['7 SIGTERM', '7 SIGCONT', '7 SIGKILL']);
});

t.test('when a tree was stopped is recorded, from the beginning of its attempt', async (t) => {
  const { options } = rig((_sweep, done) => (done.includes('7 SIGKILL') ? CLEAN : ALIVE), { sinceMs: 500 });
  const { stopped } = await endTree(options);
  const { term_after_ms: term = -1, kill_after_ms: kill = null, gone_after_ms: gone = -1 } = stopped ?? {};
  t.ok(term > 0 && kill !== null && kill - term >= 5_000 && gone > kill, JSON.stringify(stopped));
  const gentle = rig((_sweep, done) => (done.includes('7 SIGTERM') ? CLEAN : ALIVE));
  t.equal((await endTree(gentle.options)).stopped?.kill_after_ms, null);
});

t.test('a group of the tree is signalled as a whole', async (t) => {
  const inGroup: Sighting = { alive: [{ pid: 8, start: 1, group: 5 }], vanished: 0, blind: false };
  const { options, sent } = rig((_sweep, done) => (done.includes('-5 SIGKILL') ? CLEAN : inGroup));
  await endTree(options);
  t.strictSame(sent, ['-5 SIGTERM', '-5 SIGCONT', '-5 SIGKILL', '8 SIGKILL']);
});

t.test('without grace the first signal is SIGKILL', async (t) => {
  const { options, sent } = rig((sweep) => (sweep === 0 ? ALIVE : CLEAN), { immediate: () => true });
  await endTree(options);
  t.strictSame(sent, ['7 SIGKILL']);
});

t.test('what SIGKILL does not end is a survivor', async (t) => {
  const { options } = rig(() => ALIVE);
  t.match(await endTree(options), { survivors: 1, clean_sweeps: 0 });
});

t.test('a process that was never waited for is a survivor, also when no sweep shows it', async (t) => {
  const { options } = rig(() => CLEAN, { rootEnded: () => false });
  t.match(await endTree(options), { survivors: 1 });
});

t.test('a sweep that cannot look proves nothing, and the stage is still stopped', async (t) => {
  const blind: Sighting = { alive: [], vanished: 0, blind: true };
  const ended = rig(() => blind);
  t.match(await endTree(ended.options), { survivors: 1, clean_sweeps: 0 });
  t.strictSame(ended.sent, [], 'its number may be another process by now');
  let over = false;
  const running = rig((_sweep, sent) => {
    over = sent.includes('-5 SIGKILL');
    return over ? CLEAN : blind;
  });
  const tree = await endTree({ ...running.options, rootEnded: () => over });
  t.match(tree, { survivors: 0, clean_sweeps: 2 });
});
