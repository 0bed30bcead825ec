import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { ALL_PASS, e2e, until } from './rig.ts';

const works = spawnSync('strace', ['-qq', '-o', '/dev/null', '/bin/true']).status === 0;
const skip = works ? false : 'strace is missing, or may not trace here';

/** Stops the process when its first fsync is done: that of its record, which it links into its place next. */
const STOPPED = '-e trace=fsync -e inject=fsync:signal=SIGSTOP:when=1'.split(' ');

e2e(
  'a contender that slept while others came and went takes no number that is history',
  async (t, rig) => {
    const args = ['./out', ...ALL_PASS, '--manager-bin', rig.agent('work')];
    const isDone = async (): Promise<boolean> => (await rig.run(args)).code === 0;
    t.ok(await isDone());
    const sleeper = rig.start(args, {
      through: ['strace', '-D', '-f', '-qq', '-o', '/dev/null', ...STOPPED],
    });
    await until('its record is written', () =>
      readdirSync(`${rig.out}/.lock`).some((name) => name.startsWith('.held.')),
    );
    t.ok(await isDone());
    t.ok(await isDone());
    sleeper.signal('SIGCONT');
    const run = await sleeper.finished;
    t.equal(run.code, 0, run.said);
    t.equal(rig.ledger().filter((line) => line.startsWith('start ')).length, 4);
  },
  { skip },
);
