import type { Rig } from '../../e2e/rig.ts';
import type { NamedPoint } from '../named-points.ts';
import { disagreements } from './agreement.ts';

const POLICY = ['allow', 'deny', 'unknown'] as const;
const CI = ['success', 'pending', 'failure', 'missing'] as const;
const REVIEW = ['approved', 'changes_requested', 'missing'] as const;

/** One value of each gate. */
interface Assertions {
  readonly policy: string;
  readonly ci: string;
  readonly review: string;
}

const CODES: Readonly<Record<keyof Assertions, readonly [passes: string, reasonCode: string]>> = {
  policy: ['allow', 'GATE_POLICY_DENIED_OR_UNKNOWN'],
  ci: ['success', 'GATE_CI_NOT_SUCCESS'],
  review: ['approved', 'GATE_REVIEW_NOT_APPROVED'],
};

/** All 36 combinations of what can be asserted of the three gates: one of them may end with 0. */
export const GATE_POINTS: readonly NamedPoint[] = POLICY.flatMap((policy) =>
  CI.flatMap((ci) =>
    REVIEW.map((review) => ({
      name: `gates ${policy}/${ci}/${review}`,
      attempt: (rig) => tryGates(rig, { policy, ci, review }),
    })),
  ),
);

async function tryGates(rig: Rig, asserted: Assertions): Promise<readonly string[]> {
  const flags = Object.entries(asserted).flatMap(([gate, status]) => [`--${gate}-status`, status]);
  const run = await rig.run(['./out', ...flags, '--executor-bin', rig.agent('executor')]);
  const codes = reasonCodes(asserted);
  const found = rig.report().blocked_reason_codes;
  const started = rig.ledger().length > 0;
  return [
    ...(await disagreements(rig, { out: 'out', run, code: codes.length === 0 ? 0 : 3 })),
    ...(found.join() === codes.join() ? [] : [`expected ${codes.join()}, got ${found.join()}`]),
    ...(started === (asserted.policy === 'allow') ? [] : [`executor started: ${started}`]),
  ];
}

function reasonCodes(asserted: Assertions): readonly string[] {
  const gates = ['policy', 'ci', 'review'] as const;
  return gates.flatMap((gate) => {
    const [passes, reasonCode] = CODES[gate];
    return asserted[gate] === passes ? [] : [reasonCode];
  });
}
