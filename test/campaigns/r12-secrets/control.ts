import { ALL_PASS } from '../../e2e/rig.ts';
import type { NamedPoint } from '../named-points.ts';
import { endingOf } from '../said.ts';
import { LEAK, tracesIn } from './canaries.ts';
import { leakingAgents } from './leaking.ts';
import { logs } from './watch.ts';

/** The search itself: what nobody calls a secret is found in every form, so a mask that is missing is seen. */
export const CONTROL: NamedPoint = {
  name: 'control: without a reason to mask, every form is found',
  attempt: async (rig) => {
    const { well } = leakingAgents(rig);
    const run = await rig.run(['./out', ...ALL_PASS, '--manager-bin', well]);
    const found = tracesIn(Buffer.from(logs(rig))).length;
    const planted = tracesIn(Buffer.from(LEAK)).length;
    if (run.code !== 0) return [endingOf(run)];
    return found === planted && planted > 80 ? [] : [`${found} of ${planted} forms were found`];
  },
};
