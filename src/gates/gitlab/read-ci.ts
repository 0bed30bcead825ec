import type { GateReading } from '../../core/gates/gate-document.ts';
import type { CiRules, GateSource } from '../../core/gates/gate-plan.ts';
import type { GateQuestion } from '../../core/gates/gate-question.ts';
import { readingOf, unreadable } from '../../core/gates/gitlab/document.ts';
import type { JobFact, MergeRequestFact } from '../../core/gates/gitlab/facts.ts';
import { judgeGitlabCi } from '../../core/gates/gitlab/judge-ci.ts';
import { ok, type Result } from '../../core/result.ts';
import { digestOf } from './digest.ts';
import type { Seen } from './memory.ts';
import { pinnedTo } from './pinned.ts';
import type { GitlabPorts } from './ports.ts';
import { type Place, placeOf, readJobs, readMergeRequest } from './read-facts.ts';
import type { Trouble } from './trouble.ts';

/** A GitLab source, as it was given. */
export type GitlabSource = Extract<GateSource, { kind: 'gitlab' }>;

const NOT_EVALUATED = [
  'trigger jobs and downstream pipelines, beyond what they make of the status of the pipeline',
  'external status checks',
];

/**
 * The ci gate from GitLab: two requests (merge request, jobs), and one more for each hundred jobs. The jobs are only
 * asked for when the pipeline is a success.
 */
export async function readGitlabCi(
  question: GateQuestion,
  source: GitlabSource,
  rules: CiRules,
  ports: GitlabPorts,
): Promise<GateReading> {
  const seen: Seen = { bytes: [] };
  const about = () => ({
    ...{ question, gate: 'ci' as const, source: source.text, notEvaluated: NOT_EVALUATED },
    inputsDigest: digestOf(seen),
  });
  const pinned = pinnedTo(question, source);
  if (!pinned.ok) return unreadable(pinned.failure, about());
  const { headSha, iid } = pinned.value;
  const place = placeOf(source.project, iid);
  const merge = await readMergeRequest(ports, place, seen);
  if (!merge.ok) return unreadable(merge.failure, about());
  const jobs = await jobsOf(merge.value, headSha, place, { ports, seen });
  if (!jobs.ok) return unreadable(jobs.failure, about());
  return readingOf(judgeGitlabCi({ headSha, merge: merge.value, jobs: jobs.value }, rules), about());
}

async function jobsOf(
  { pipeline, projectId }: MergeRequestFact,
  headSha: string,
  place: Place,
  { ports, seen }: { readonly ports: GitlabPorts; readonly seen: Seen },
): Promise<Result<readonly JobFact[] | null, Trouble>> {
  if (pipeline === null || pipeline.sha !== headSha || pipeline.status !== 'success') return ok(null);
  if (pipeline.projectId !== projectId) return ok(null);
  return readJobs(ports, place, pipeline, seen);
}
