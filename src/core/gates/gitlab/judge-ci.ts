import type { GateCode } from '../gate-codes.ts';
import type { CiRules } from '../gate-plan.ts';
import { blocks, type Finding, passes, waits } from '../github/finding.ts';
import { shortSha, shown } from '../github/shown.ts';
import type { JobFact, MergeRequestFact, PipelineFact } from './facts.ts';
import { judgeJobs, UNFINISHED } from './judge-jobs.ts';
import { judgeMergeRequest, unknownWord } from './judge-merge-request.ts';

/** Ends that block, each with what to do about it. */
const ENDS: ReadonlyMap<string, { readonly code: GateCode; readonly remedy: string }> = new Map([
  [
    'failed',
    { code: 'pipeline_failed', remedy: 'read the log of the failed job, mend the change, push again' },
  ],
  [
    'canceled',
    { code: 'pipeline_canceled', remedy: 'somebody or a newer pipeline cancelled it: run it again' },
  ],
  [
    'skipped',
    {
      code: 'pipeline_skipped',
      remedy:
        'the pipeline did not run ("[skip ci]", or rules that left everything out): run one for this commit',
    },
  ],
  [
    'manual',
    {
      code: 'pipeline_manual',
      remedy: 'a job waits for a hand: start it, or mark it as one that may be left out (allow_failure)',
    },
  ],
]);

/** Everything that the ci gate is decided from. */
export interface GitlabCiFacts {
  readonly headSha: string;
  readonly merge: MergeRequestFact;
  /** Jobs of the merge request's pipeline, every try; null where the pipeline is not a success and none were read. */
  readonly jobs: readonly JobFact[] | null;
}

/** The ci gate on GitLab (spec/gates.md, section 3): the pipeline of exactly this commit is a success, and so is its inside. */
export function judgeGitlabCi(facts: GitlabCiFacts, rules: CiRules): readonly Finding[] {
  const { merge, headSha, jobs } = facts;
  const findings = judgeMergeRequest(merge, headSha, 'ci');
  if (merge.pipeline === null) return [...findings, noPipeline(merge)];
  const pipeline = judgePipeline(merge.pipeline, merge, headSha);
  if (pipeline.verdict !== 'pass') return [...findings, pipeline];
  return [...findings, pipeline, ...judgeJobs(jobs ?? [], rules)];
}

function noPipeline(merge: MergeRequestFact): Finding {
  const about = `!${merge.iid}`;
  return waits(`a pipeline of ${about}`, {
    ...{ code: 'pipeline_missing', about, message: `${about} has no pipeline` },
    remedy: 'look whether the rules of .gitlab-ci.yml make one for merge requests',
  });
}

function judgePipeline(pipeline: PipelineFact, merge: MergeRequestFact, headSha: string): Finding {
  const about = `pipeline ${pipeline.id}`;
  const { status } = pipeline;
  if (pipeline.sha !== headSha) {
    return blocks(
      'pipeline_of_other_commit',
      about,
      `${about} ran on ${shortSha(pipeline.sha)}, this run is about ${shortSha(headSha)}`,
      'run a pipeline of this commit; one of merged results runs on another commit and does not count',
    );
  }
  if (pipeline.projectId !== merge.projectId) {
    return blocks(
      'pipeline_of_other_project',
      about,
      `${about} ran in project ${pipeline.projectId}, which is not the one to be merged into (${merge.projectId})`,
      'let a member of the project run a pipeline of the merge request: a fork checks itself with its own settings',
    );
  }
  if (status === 'success')
    return passes('pipeline_success', about, `${about} of ${shortSha(headSha)} passed`);
  const message = `${about} is ${shown(status)}`;
  if (UNFINISHED.has(status)) {
    const remedy = 'wait for it, then --resume';
    return waits(`${about} (${status})`, { code: 'pipeline_pending', about, message, remedy });
  }
  const end = ENDS.get(status);
  if (end === undefined) return unknownWord('ci', about, message);
  return blocks(end.code, about, message, end.remedy);
}
