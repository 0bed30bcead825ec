import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { blockedToDone, forge } from '../../e2e/forge.ts';
import { ALL_PASS, type Rig } from '../../e2e/rig.ts';
import { type Attack, unless, unlessEnded } from './attack.ts';
import { forgeDone } from './forge.ts';

const CHECKPOINT = 'orchestrator_checkpoint.json';

/** Makes a run that is blocked at closure, or done, in `./out`. */
async function runTo(rig: Rig, state: 'blocked' | 'done', out = './out'): Promise<readonly string[]> {
  const flags = state === 'done' ? ALL_PASS : ['--policy-status', 'allow'];
  return unlessEnded(await rig.run([out, ...flags, '--executor-bin', 'true']), state === 'done' ? 0 : 3);
}

/** Rows 2 and 3: evidence that is edited, or exchanged, between runs. */
export const BETWEEN_RUNS: readonly Attack[] = [
  ...[true, false].map((mends) => ({
    row: 2,
    name: `a blocked checkpoint is made to say done, its digest ${mends ? 'mended' : 'as it was'}`,
    control: mends ? "the report's digest in the checkpoint" : "the checkpoint's own digest",
    attempt: async (rig: Rig) => {
      const first = await runTo(rig, 'blocked');
      const text = rig.read(`out/${CHECKPOINT}`);
      rig.write(`out/${CHECKPOINT}`, forgeDone(text, mends));
      const verified = await rig.run(['verify', './out']);
      const resumed = await rig.run(['./out', '--resume']);
      return [...first, ...unlessEnded(verified, 1), ...unlessEnded(resumed, 1)];
    },
  })),
  {
    row: 2,
    name: 'a blocked run is made to say done in checkpoint and report, every digest mended, the log left',
    control: 'the same with the log forged as well verifies with 0',
    attempt: async (rig) => {
      const first = await runTo(rig, 'blocked');
      cpSync(rig.out, join(rig.work, 'whole'), { recursive: true, verbatimSymlinks: true });
      forge(join(rig.work, 'whole'), blockedToDone());
      forge(rig.out, { ...blockedToDone(), records: (all) => all });
      const whole = await rig.run(['verify', './whole']);
      const verified = await rig.run(['verify', './out']);
      const resumed = await rig.run(['./out', '--resume']);
      return [...first, ...unlessEnded(whole, 0), ...unlessEnded(verified, 1), ...unlessEnded(resumed, 1)];
    },
  },
  {
    row: 2,
    name: 'a bit of a done checkpoint is flipped, at 16 places',
    control: 'the file as it was verifies with 0',
    attempt: async (rig) => {
      const first = await runTo(rig, 'done');
      const bytes = Buffer.from(rig.read(`out/${CHECKPOINT}`));
      const wrong = [...first, ...unlessEnded(await rig.run(['verify', './out']), 0)];
      for (let index = 0; index < 16; index += 1) {
        const flipped = Buffer.from(bytes);
        const at = Math.floor(((index + 0.5) * bytes.length) / 16);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << (index % 7));
        rig.write(`out/${CHECKPOINT}`, flipped);
        wrong.push(...unlessEnded(await rig.run(['./out', '--resume']), 1));
        wrong.push(...unless(rig.read(`out/${CHECKPOINT}`) === flipped.toString(), 'the file was touched'));
      }
      return wrong;
    },
  },
  {
    row: 3,
    name: "another run's done checkpoint is put into a blocked out_dir",
    control:
      "the report's digest and the audit log's head in the checkpoint; the whole of that out_dir verifies with 0",
    attempt: async (rig) => {
      const first = [...(await runTo(rig, 'blocked')), ...(await runTo(rig, 'done', './other'))];
      cpSync(join(rig.work, 'other', CHECKPOINT), join(rig.out, CHECKPOINT));
      const whole = await rig.run(['verify', './other']);
      const verified = await rig.run(['verify', './out']);
      const resumed = await rig.run(['./out', '--resume']);
      return [...first, ...unlessEnded(whole, 0), ...unlessEnded(verified, 1), ...unlessEnded(resumed, 1)];
    },
  },
];
