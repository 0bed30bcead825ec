import { ALL_PASS, e2e, inParallel, until } from './rig.ts';

e2e('a second run is exit 75 naming the holder, and changes nothing', async (t, rig) => {
  const holder = rig.start([
    './out',
    ...ALL_PASS,
    '--manager-bin',
    rig.agent('holder', `until [ -e '${rig.base}/go' ]; do sleep 0.02; done`),
  ]);
  await until('the holder works', () => rig.ledger().length > 0);
  const checkpoint = rig.read('out/orchestrator_checkpoint.json');
  const others = await inParallel(
    [
      ['./out', ...ALL_PASS, '--manager-bin', '/bin/true'],
      ['./out', '--resume'],
      ['./out', '--resume', '--break-lock', 'wrong'],
    ],
    async (args) => rig.run(args),
  );
  for (const other of others) {
    t.equal(other.code, 75, other.said);
    t.ok(other.said.includes(String(holder.pid)), `names process ${holder.pid}: ${other.said}`);
    t.ok(other.ms < 5000);
  }
  t.equal(rig.read('out/orchestrator_checkpoint.json'), checkpoint);
  rig.write(`${rig.base}/go`, '');
  t.equal((await holder.finished).code, 0);
});

e2e('the lock of a holder that was killed is taken over at once', async (t, rig) => {
  const executor = rig.agent('executor', `[ -e '${rig.base}/go' ] || sleep ${rig.nap}`);
  const holder = rig.start(['./out', ...ALL_PASS, '--executor-bin', executor]);
  await until('the holder works', () => rig.ledger().length > 0);
  holder.signal('SIGKILL');
  await holder.exited;
  rig.write(`${rig.base}/go`, '');
  const next = await rig.run(['./out', '--resume', '--kill-grace-ms', '100']);
  t.equal(next.code, 0, next.said);
  t.ok(next.ms < 4000, `${next.ms} ms`);
});

e2e('of ten that contend, one runs at a time and every other is exit 75', async (t, rig) => {
  const agent = rig.agent(
    'one',
    `mkdir '${rig.base}/inside' || echo overlap >> '${rig.base}/overlaps'; sleep 0.4; rmdir '${rig.base}/inside'`,
  );
  const runs = await inParallel(
    Array.from({ length: 10 }, (_, index) => index),
    async () => rig.run(['./out', ...ALL_PASS, '--manager-bin', agent]),
    10,
  );
  const codes = runs.map((run) => run.code);
  t.ok(
    codes.every((code) => code === 0 || code === 75),
    `${codes.join(' ')}\n${runs.map((run) => run.said).join('')}`,
  );
  t.equal(
    rig.ledger().filter((line) => line.startsWith('start')).length,
    codes.filter((code) => code === 0).length,
  );
  t.ok(codes.includes(0));
  t.notOk(rig.exists(`${rig.base}/overlaps`));
});

e2e('of ten that contend for the lock of a dead holder, one runs at a time', async (t, rig) => {
  const agent = rig.agent(
    'one',
    `mkdir '${rig.base}/inside' || echo overlap >> '${rig.base}/overlaps'; [ -e '${rig.base}/go' ] || sleep ${rig.nap}; sleep 0.3; rmdir '${rig.base}/inside'`,
  );
  const holder = rig.start(['./out', ...ALL_PASS, '--manager-bin', agent]);
  await until('the holder works', () => rig.ledger().length > 0);
  holder.signal('SIGKILL');
  await holder.exited;
  t.strictSame(await rig.survivorsAfter(3000), []);
  rig.write(`${rig.base}/go`, '');
  await rig.run(['--version'], { through: ['/bin/sh', '-c', `rmdir '${rig.base}/inside'; exec "$@"`, 'sh'] });
  const runs = await inParallel(
    Array.from({ length: 10 }, (_, index) => index),
    async () => rig.run(['./out', '--resume']),
    10,
  );
  t.ok(
    runs.every((run) => run.code === 0 || run.code === 75),
    runs.map((run) => `${run.code} ${run.said}`).join(''),
  );
  t.ok(runs.some((run) => run.code === 0));
  t.equal(
    rig.ledger().filter((line) => line.startsWith('start')).length,
    2,
    'once by the dead holder, once by the winner',
  );
  t.notOk(rig.exists(`${rig.base}/overlaps`));
});

e2e('what an agent puts into the place of the lock bricks nothing', async (t, rig) => {
  const vandal = rig.agent(
    'vandal',
    'find "$ORCHESTRATOR_OUT_DIR" -name "*lock*" -type d -exec touch {}/squatter \\;',
  );
  const run = await rig.run(['./out', ...ALL_PASS, '--manager-bin', vandal]);
  t.ok(run.code === 0 || run.code === 1, `${run.code} ${run.said}`);
  const next = await rig.run(['./out', ...ALL_PASS, '--manager-bin', '/bin/true']);
  t.equal(next.code, 0, next.said);
});

e2e('a lock that is taken away while the run works ends it, and its children', async (t, rig) => {
  await inParallel(['at once', 'later'], async (when, index) => {
    const body = `${when === 'later' ? 'sleep 0.7;' : ''} rm -rf "$ORCHESTRATOR_OUT_DIR/.lock"; sleep ${rig.nap}`;
    const run = await rig.run([
      ...[`./out${index}`, ...ALL_PASS, '--manager-bin', rig.agent(`thief${index}`, body)],
      ...['--kill-grace-ms', '200', '--manager-timeout-ms', '15000'],
    ]);
    t.equal(run.code, 1, `${when}: ${run.said}`);
    t.match(run.said, /lock/, when);
    t.ok(run.ms < 10_000, `${when}: noticed before the stage ends, after ${run.ms} ms`);
  });
  t.strictSame(await rig.survivorsAfter(3000), []);
});
