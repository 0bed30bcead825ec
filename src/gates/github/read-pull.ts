import type { PullRequestFact } from '../../core/gates/github/facts.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { pullRequestFact } from '../../formats/github/facts.ts';
import { pullRequestSchema } from '../../formats/github/pull-request.schema.ts';
import { type CallFailure, untrusted } from './call-failure.ts';
import { nameOf, type PullPlace } from './place.ts';
import { type Answered, readOne } from './read-list.ts';
import type { Freshness, ReadSession } from './reader.ts';

/** Asks for the pull request itself. */
export async function readPull(
  session: ReadSession,
  place: PullPlace,
  freshness: Freshness,
): Promise<Result<Answered<PullRequestFact>, CallFailure>> {
  const { owner, repo, number } = place;
  const call = `pull request ${nameOf(place)}`;
  const answer = await readOne(session, {
    call,
    needs: 'Pull requests: read',
    route: '/repos/{owner}/{repo}/pulls/{number}',
    parameters: { owner, repo, number },
    schema: pullRequestSchema,
    freshness,
  });
  if (!answer.ok) return answer;
  if (answer.value.value.number !== number) return fail(untrusted(call, 'is another pull request'));
  return ok({ ...answer.value, value: pullRequestFact(answer.value.value) });
}
