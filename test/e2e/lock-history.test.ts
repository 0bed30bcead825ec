import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import type { Live } from './live-process.ts';
import { ALL_PASS, e2e, type Rig, until } from './rig.ts';

const works = spawnSync('strace', ['-qq', '-o', '/dev/null', '/bin/true']).status === 0;
const skip = works ? false : 'strace is missing, or may not trace here';

/** Stops the process when its first fsync is done: that of its record, which it links into its place next. */
const STOPPED = '-e trace=fsync -e inject=fsync:signal=SIGSTOP:when=1'.split(' ');

/** Starts a contender that falls asleep with its record written and its number not taken. */
async function startSleeper(rig: Rig, args: readonly string[]): Promise<Live> {
  const records = (): number =>
    readdirSync(`${rig.out}/.lock`).filter((name) => name.startsWith('.held.')).length;
  const before = records();
  const sleeper = rig.start(args, { through: ['strace', '-D', '-f', '-qq', '-o', '/dev/null', ...STOPPED] });
  await until('its record is written', () => records() > before);
  return sleeper;
}

e2e(
  'a contender that slept while others came and went takes no number that is history',
  async (t, rig) => {
    const args = ['./out', ...ALL_PASS, '--manager-bin', rig.agent('work')];
    const isDone = async (): Promise<boolean> => (await rig.run(args)).code === 0;
    t.ok(await isDone());
    const sleeper = await startSleeper(rig, args);
    t.ok(await isDone());
    t.ok(await isDone());
    sleeper.signal('SIGCONT');
    const run = await sleeper.finished;
    t.equal(run.code, 0, run.said);
    t.equal(rig.ledger().filter((line) => line.startsWith('start ')).length, 4);
  },
  { skip },
);

e2e(
  'of two contenders that slept before the same number one gets it',
  async (t, rig) => {
    const starts = (): number => rig.ledger().filter((line) => line.startsWith('start ')).length;
    const args = [
      './out',
      ...ALL_PASS,
      '--manager-bin',
      rig.agent('work', 'until [ -e ../go ]; do sleep 0.01; done'),
    ];
    rig.write('../go', '');
    t.equal((await rig.run(args)).code, 0);
    rmSync(`${rig.base}/go`);
    const [first, second] = [await startSleeper(rig, args), await startSleeper(rig, args)];
    first.signal('SIGCONT');
    await until('the first one works', () => starts() === 2);
    second.signal('SIGCONT');
    let isOver = false;
    void second.exited.then(() => {
      isOver = true;
    });
    await until('the second one has ended, or works as well', () => isOver || starts() > 2);
    rig.write('../go', '');
    const refused = await second.finished;
    t.equal(refused.code, 75, refused.said);
    const run = await first.finished;
    t.equal(run.code, 0, run.said);
    t.equal(starts(), 2);
  },
  { skip },
);
