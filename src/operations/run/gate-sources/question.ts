import { pinnedCommit } from '../../../core/document/pinned-commit.ts';
import type { GateName } from '../../../core/gates/gate.ts';
import type { GateQuestion } from '../../../core/gates/gate-question.ts';
import type { RunDocument } from '../../../core/run-document.ts';
import { planDigest } from '../../../formats/approval.ts';
import type { RunContext } from '../context.ts';
import type { AskedGates } from './asking.ts';

/** What the sources of one gate are asked about this run, as it stands now. */
export function questionOf(
  context: RunContext,
  document: RunDocument,
  gate: GateName,
  moment: AskedGates['moment'],
): GateQuestion {
  const judged = moment === 'closure' && document.state.status !== 'pending';
  return {
    gate,
    moment,
    subject: {
      head_sha: judged ? pinnedCommit(document) : null,
      base_sha: document.repo.base,
      tree_digest: judged ? document.repo.tree_digest : null,
      run_id: document.run_id,
    },
    planDigest: planDigest(document.artifacts),
    nowSecs: Math.floor(context.ports.clock.now() / 1000),
  };
}
