import { spawnSync } from 'node:child_process';
import { ALL_PASS, e2e, PATH } from './rig.ts';

const FAKETIME = spawnSync('sh', ['-c', 'command -v faketime'], {
  env: { PATH },
  encoding: 'utf8',
}).stdout.trim();

e2e(
  'an assertion from a clock that runs ahead, or that grew old, does not count',
  async (t, rig) => {
    const at = (shift: string) => ({ through: [FAKETIME, '-f', shift] });
    const first = await rig.run(
      ['./out', '--policy-status', 'allow', '--ci-status', 'success', '--executor-bin', '/bin/true'],
      at('+0'),
    );
    t.equal(first.code, 3, first.said);
    const tomorrow = await rig.run(['./out', '--resume', '--review-status', 'approved'], at('+25h'));
    t.equal(tomorrow.code, 3, tomorrow.said);
    t.ok(rig.report().blocked_reason_codes.includes('GATE_CI_NOT_SUCCESS'));
    await rig.run(['./ahead', ...ALL_PASS, '--executor-bin', '/bin/false'], at('+2h'));
    const now = await rig.run(['./ahead', '--resume', '--executor-bin', '/bin/true']);
    t.equal(now.code, 3, now.said);
  },
  { skip: FAKETIME === '' ? 'needs faketime(1)' : false },
);
