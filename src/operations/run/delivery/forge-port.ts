import type { ClosureSettings } from '../../../core/config/closure-settings.ts';
import type { PullRequestPort } from '../../../core/delivery/pull-request-port.ts';
import { refuse } from '../../../core/delivery/refusal.ts';
import type { PullRequestPlan } from '../../../core/gates/gate-plan.ts';
import { fail } from '../../../core/result.ts';
import type { RunPorts } from '../ports.ts';

export interface ForgeParts {
  readonly ports: Pick<RunPorts, 'env' | 'clock'>;
  readonly closure: ClosureSettings;
  readonly signal: AbortSignal;
}

/** The forge that a plan names. */
export function pullRequestsOf(_parts: ForgeParts): (plan: PullRequestPlan) => PullRequestPort {
  return ({ on }) => {
    const none = () =>
      Promise.resolve(fail(refuse(`no pull requests can be opened on ${on}`, 'deliver the branch alone')));
    return { find: none, open: none, update: none };
  };
}
