import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_PASS, type Rig } from '../../e2e/rig.ts';
import { type Attack, unless, unlessEnded } from './attack.ts';

const CHECKPOINT = 'orchestrator_checkpoint.json';

interface Squat {
  /** What a shell does in out_dir; `VICTIM` is a file and `OUTSIDE` a folder beside the work tree. */
  readonly body: string;
  /** How its run ends, and a fresh one after it. */
  readonly ends: readonly [run: number, fresh: number];
}

/**
 * What an agent puts where we are going to write. A link is no folder of ours: who has to write into it fails; who
 * moves it aside with the rest of the evidence does not.
 */
const SQUATS: Readonly<Record<string, Squat>> = {
  'links under names of temporary files': {
    body: `for n in 0 1 2 3; do ln -s VICTIM .${CHECKPOINT}.000000000000000$n.tmp; done; ln -s VICTIM ${CHECKPOINT}.tmp`,
    ends: [0, 0],
  },
  'files among the records of the lock': {
    body: 'mkdir .lock/junk; : > .lock/1000000.x; : > .lock/zzz',
    ends: [0, 0],
  },
  'a link in the place of the logs': { body: 'mv logs old; ln -s OUTSIDE logs', ends: [1, 0] },
  'a link in the place of the artifacts': { body: 'rm -rf artifacts; ln -s OUTSIDE artifacts', ends: [1, 0] },
  'a link in the place of what is superseded': {
    body: 'rm -rf superseded; ln -s OUTSIDE superseded',
    ends: [0, 1],
  },
};

/** Rows 8 and 26: what an agent leaves in the way of our own files and folders. */
export const SQUATTING: readonly Attack[] = Object.entries(SQUATS).map(([name, squat]) => ({
  row: name.includes('in the place') ? 8 : 26,
  name: `an agent leaves ${name}`,
  control: 'random names, made with O_EXCL; folders that are opened without following links',
  attempt: (rig) => trySquat(rig, squat),
}));

async function trySquat(rig: Rig, { body, ends }: Squat): Promise<readonly string[]> {
  const victim = rig.write(join(rig.base, 'victim'), 'untouched\n');
  const outside = join(rig.base, 'outside');
  rig.write(join(outside, 'there'), '');
  const text = body.replaceAll('VICTIM', victim).replaceAll('OUTSIDE', outside);
  const squatter = rig.agent('squatter', `cd "$ORCHESTRATOR_OUT_DIR"; ${text}`);
  const leaves = rig.agent('leaves', 'echo {} > "$ORCHESTRATOR_OUT_DIR/left.json"');
  const executor = ['--executor-bin', leaves, '--executor-expected-artifact', 'out/left.json'];
  const run = await rig.run(['./out', ...ALL_PASS, '--manager-bin', squatter, ...executor]);
  const fresh = await rig.run(['./out', ...ALL_PASS, ...executor]);
  return [
    ...unlessEnded(run, ends[0]),
    ...unlessEnded(fresh, ends[1]).map((one) => `a fresh run: ${one}`),
    ...unless(rig.read(victim) === 'untouched\n', 'the file outside was written'),
    ...unless(readdirSync(outside).join() === 'there', `outside has ${readdirSync(outside).join()}`),
  ];
}
