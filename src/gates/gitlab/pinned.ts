import type { GateSource } from '../../core/gates/gate-plan.ts';
import type { GateQuestion } from '../../core/gates/gate-question.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { type Trouble, trouble } from './trouble.ts';

/** The commit and the merge request that a question is about. */
export interface Pinned {
  readonly headSha: string;
  readonly iid: number;
}

/** Both must be known before anything is asked: nothing here guesses a commit. */
export function pinnedTo(
  { subject }: GateQuestion,
  source: Extract<GateSource, { kind: 'gitlab' }>,
): Result<Pinned, Trouble> {
  if (subject.head_sha === null) {
    return fail(trouble('no commit is known that GitLab could attest', 'name the commit that was pushed'));
  }
  if (source.number === null) {
    return fail(trouble('no merge request is known', 'deliver one, or name it: gitlab:group/project!7'));
  }
  return ok({ headSha: subject.head_sha, iid: source.number });
}
