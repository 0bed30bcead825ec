import { existsSync } from 'node:fs';
import t from 'tap';
import { EXECUTABLE } from '../e2e/rig.ts';
import { boundOf, type Campaign, complaints } from './campaign.ts';

/** The seed of `make test`: the same points each time, so that a red one is news about the code. */
const SLICE_SEED = 20261128;

/** Makes the smallest tier of a campaign a test. */
export function sliceTest(campaign: Campaign): void {
  const skip = existsSync(EXECUTABLE) ? false : `${EXECUTABLE} is not built: run "make build"`;
  void t.test(`${campaign.id}: ${campaign.promise}`, { skip }, async (t) => {
    const say = (line: string): void => void t.comment(line);
    const result = await campaign.run({ tier: 'slice', seed: SLICE_SEED, point: null, width: 2, say });
    for (const { what, why } of result.skipped) t.test(what, { skip: why }, async () => {});
    for (const figure of result.figures) {
      t.comment(`${figure.name}: ${figure.value}${figure.unit} ${boundOf(figure)}`);
    }
    t.strictSame(complaints(result), [], `${result.points} points`);
  });
}
