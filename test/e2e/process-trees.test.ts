import { ALL_PASS, e2e, inParallel, type Rig, until } from './rig.ts';

/** Ways for a process to stay when its stage goes; `N` is a sleep that no other way uses. */
const HOSTILE: readonly (readonly [string, string])[] = [
  ['a child in the background', 'sleep N &'],
  ['a session of its own', 'setsid sleep N &'],
  ['a double fork', '( setsid sh -c "sleep N & exit 0" & ) &'],
  ['SIGTERM ignored', "( trap '' TERM HUP INT; sleep N & while :; do sleep 1; done ) &"],
  ['SIGTERM ignored in a session of its own', `setsid sh -c "trap '' TERM HUP INT; sleep N & wait; wait" &`],
  ['twenty forks', 'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do setsid sleep N & done'],
  ['a fork for every SIGTERM', `sh -c "trap 'setsid sleep N &' TERM; while :; do sleep 0.1; done" &`],
];

const naps = (rig: Rig): readonly string[] => HOSTILE.map((_, index) => `${rig.nap}.${index + 1}`);

/** All the trees at once, then what the stage itself does. */
function hostileAgent(rig: Rig, last: string): string {
  const lines = HOSTILE.map(([, script], index) =>
    script.replaceAll('sleep N', `sleep ${rig.nap}.${index + 1}`),
  );
  return rig.agent('hostile', `${lines.join('\n')}\n: > '${rig.base}/up'\n${last}`);
}

/** Which of the trees has survivors, by name. */
async function leftOver(rig: Rig): Promise<readonly string[]> {
  const shown = await rig.survivorsAfter(3000);
  const named = naps(rig).flatMap((nap, index) =>
    shown.some((one) => one.includes(`sleep ${nap}`)) ? [HOSTILE[index]?.[0] ?? ''] : [],
  );
  return named.length > 0 ? named : shown;
}

const FLAGS = [...ALL_PASS, '--kill-grace-ms', '300'];

e2e('nothing of a stage outlives its normal end', async (t, rig) => {
  const run = await rig.run(['./out', ...FLAGS, '--manager-bin', hostileAgent(rig, 'exit 0')]);
  t.strictSame(
    rig.survivors().filter((one) => one.includes('sleep')),
    [],
    'at the moment the run has ended',
  );
  t.equal(run.code, 0, run.said);
  const tree = rig.report().stage_executions[0]?.process_tree;
  t.ok((tree?.killed ?? 0) >= 25, `killed ${tree?.killed}`);
  t.equal(tree?.survivors, 0);
  t.ok((tree?.clean_sweeps ?? 0) >= 1);
  t.strictSame(await leftOver(rig), []);
});

e2e('nothing of a stage outlives its failure or its limit', async (t, rig) => {
  const failed = await rig.run(['./out', ...FLAGS, '--manager-bin', hostileAgent(rig, 'exit 3')]);
  t.equal(failed.code, 1, failed.said);
  t.strictSame(await leftOver(rig), [], 'after exit 3');
  const late = await rig.run([
    './out',
    ...FLAGS,
    '--manager-timeout-ms',
    '700',
    '--manager-bin',
    hostileAgent(rig, `sleep ${rig.nap}`),
  ]);
  t.equal(late.code, 124, late.said);
  t.ok(late.ms < 8000, `${late.ms} ms`);
  t.strictSame(await leftOver(rig), [], 'after the limit');
});

for (const [signal, code] of [
  ['SIGTERM', 143],
  ['SIGINT', 130],
  ['SIGHUP', 129],
] as const) {
  e2e(`nothing of a stage outlives ${signal} of the orchestrator`, async (t, rig) => {
    const live = rig.start(['./out', ...FLAGS, '--manager-bin', hostileAgent(rig, `sleep ${rig.nap}`)]);
    await until('the trees are up', () => rig.exists(`${rig.base}/up`));
    live.signal(signal);
    const run = await live.finished;
    t.equal(run.code, code, run.said);
    t.strictSame(await leftOver(rig), []);
  });
}

e2e('nothing of a stage outlives SIGKILL of the orchestrator, and the run resumes', async (t, rig) => {
  const last = `[ -e '${rig.base}/go' ] || sleep ${rig.nap}`;
  const live = rig.start(['./out', ...FLAGS, '--manager-bin', hostileAgent(rig, last)]);
  await until('the trees are up', () => rig.exists(`${rig.base}/up`));
  live.signal('SIGKILL');
  await live.exited;
  t.strictSame(await leftOver(rig), []);
  rig.write(`${rig.base}/go`, '');
  const resumed = await rig.run(['./out', '--resume', '--kill-grace-ms', '100']);
  t.equal(resumed.code, 0, resumed.said);
  t.strictSame(await leftOver(rig), []);
});

e2e('a process that dropped its environment and its session is found too', async (t, rig) => {
  const drop = `env -i setsid sleep ${rig.nap} & sleep 0.3`;
  const run = await rig.run(['./out', ...FLAGS, '--manager-bin', rig.agent('dropper', drop)]);
  t.equal(run.code, 0, run.said);
  t.strictSame(await rig.survivorsAfter(3000), []);
});

e2e('SIGKILL of the orchestrator within 20 ms of the spawn leaves nothing behind', async (t, rig) => {
  const delays = [0, 1, 2, 3, 5, 7, 9, 12, 15, 20];
  await inParallel(delays, async (delay, index) => {
    const agent = rig.agent(`early${index}`, `setsid sleep ${rig.nap}.${index} & sleep ${rig.nap}.${index}`);
    const live = rig.start([`./out${index}`, ...ALL_PASS, '--manager-bin', agent]);
    await until('the agent starts', () => rig.ledger().some((line) => line.endsWith(` early${index}`)));
    await new Promise((done) => setTimeout(done, delay));
    live.signal('SIGKILL');
    await live.exited;
  });
  t.strictSame(await rig.survivorsAfter(3000), []);
});
