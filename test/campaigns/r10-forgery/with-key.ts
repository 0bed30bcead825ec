import { join } from 'node:path';
import { blockedToDone, forge } from '../../e2e/forge.ts';
import { type Attack, unless, unlessEnded } from './attack.ts';

const BLOCKED = ['--policy-status', 'allow', '--executor-bin', '/bin/true'];

/** Row 2 with a state key: what digests alone cannot show. */
export const WITH_KEY: readonly Attack[] = [
  {
    row: 2,
    name: 'all of the evidence is forged anew, with every digest, against a state key',
    control: 'without a key the same forgery is believed, and said to be unauthenticated',
    attempt: async (rig) => {
      const key = ['--state-key-file', rig.write(join(rig.base, 'state.key'), 'k'.repeat(40), 0o600)];
      const bare = await rig.run(['./bare', ...BLOCKED]);
      const keyed = await rig.run(['./keyed', ...BLOCKED, ...key]);
      for (const out of ['bare', 'keyed']) forge(join(rig.work, out), blockedToDone());
      const control = await rig.run(['verify', './bare']);
      return [
        ...unlessEnded(bare, 3),
        ...unlessEnded(keyed, 3),
        ...unlessEnded(control, 0, 'unauthenticated'),
        ...unlessEnded(await rig.run(['verify', './bare', '--require-authentic']), 1, 'unauthenticated'),
        ...unlessEnded(await rig.run(['verify', './keyed', ...key]), 1),
        ...unlessEnded(await rig.run(['./keyed', '--resume']), 2, '--state-key-file'),
        ...unlessEnded(await rig.run(['./keyed', '--resume', ...key]), 1),
        ...unless(rig.ledger().length === 0, 'a stage was started'),
      ];
    },
  },
];
