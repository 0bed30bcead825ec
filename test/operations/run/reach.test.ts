import t from 'tap';
import { ORCHESTRATE, stageNames } from '../../../src/core/machine/pipeline.ts';
import { stagesOutOfReach } from '../../../src/core/resume/stages.ts';

const upTo = (count: number) => stageNames(ORCHESTRATE).slice(0, count);

t.test('without a remediation cycle what stands stays', async (t) => {
  for (const count of [0, 1, 2, 3, 4])
    t.strictSame(stagesOutOfReach(ORCHESTRATE, upTo(count), 0), upTo(count));
});

t.test('with a cycle left, validation that is still to run can send the run back to execution', async (t) => {
  t.strictSame(stagesOutOfReach(ORCHESTRATE, upTo(3), 1), ['planning', 'policy_ingestion']);
  t.strictSame(stagesOutOfReach(ORCHESTRATE, upTo(1), 1), ['planning']);
});

t.test('validation that stands sends nobody back', async (t) => {
  t.strictSame(stagesOutOfReach(ORCHESTRATE, upTo(4), 5), upTo(4));
});
