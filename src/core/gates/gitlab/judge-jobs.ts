import type { GateCode } from '../gate-codes.ts';
import type { CiRules, RequiredCheck } from '../gate-plan.ts';
import { blocks, type Finding, notes, passes, waits } from '../github/finding.ts';
import { shown } from '../github/shown.ts';
import type { JobFact } from './facts.ts';
import { unknownWord } from './judge-merge-request.ts';

/** Pipeline and job statuses that can still become an end (docs, "Pipelines API", `status`). */
export const UNFINISHED: ReadonlySet<string> = new Set([
  'created',
  'waiting_for_resource',
  'waiting_for_callback',
  'preparing',
  'pending',
  'running',
  'scheduled',
  'canceling',
]);

/** The code of each end that is no success. */
const CODES: ReadonlyMap<string, GateCode> = new Map([
  ['failed', 'check_failure'],
  ['canceled', 'check_cancelled'],
  ['skipped', 'check_skipped'],
  ['manual', 'check_manual'],
]);

/** Ends of a job that nobody requires and that has not run: the pipeline was made like that. */
const NOT_RUN: ReadonlySet<string> = new Set(['skipped', 'manual']);

/**
 * What is inside a pipeline that says success: the latest try of each job. A required job must have passed whatever
 * `allow_failure` says; another one that did not must be allowed to; and a pipeline in which no job passed has checked
 * nothing.
 */
export function judgeJobs(jobs: readonly JobFact[], rules: CiRules): readonly Finding[] {
  const byName = Map.groupBy(jobs, (job) => job.name);
  const required = new Map(rules.required.map((check) => [check.name, check]));
  const missing = rules.required.flatMap((check) => judgeRequirement(check, byName.get(check.name)));
  const found = [...byName].flatMap(([name, tries]) => judgeTries(tries, required.get(name), rules));
  const passed = [...byName.values()].filter((tries) => latestOf(tries).status === 'success').length;
  return [...missing, ...found, ...(passed === 0 ? [nothingPassed(byName.size)] : [])];
}

function judgeRequirement(check: RequiredCheck, tries: readonly JobFact[] | undefined): readonly Finding[] {
  if (check.app !== null) {
    const message = `${shown(check.name)} is required of the app ${shown(check.app)}, and GitLab has no apps`;
    return [blocks('check_missing', check.name, message, 'require the job without an app')];
  }
  if (tries !== undefined) return [];
  return [
    blocks(
      'check_missing',
      check.name,
      `${shown(check.name)} is required, and the pipeline has no such job`,
      'look whether the rules of .gitlab-ci.yml left it out',
    ),
  ];
}

function judgeTries(
  tries: readonly JobFact[],
  required: RequiredCheck | undefined,
  rules: CiRules,
): readonly Finding[] {
  const job = latestOf(tries);
  const finding = judgeJob(job, required);
  const failed = tries.filter((one) => one !== job && one.status === 'failed').length;
  if (job.status !== 'success' || failed === 0) return [finding];
  const message = `${shown(job.name)} passed after ${failed} failed tries on the same commit`;
  if (rules.acceptFlaky || (required === undefined && job.allowFailure)) {
    return [finding, notes('flaky', job.name, message)];
  }
  const remedy = 'find out why it failed and push a change; or accept flaky checks in the configuration';
  return [finding, blocks('flaky', job.name, message, remedy)];
}

function judgeJob(job: JobFact, required: RequiredCheck | undefined): Finding {
  const { name, status } = job;
  const message = `the job ${shown(name)} is ${shown(status)}`;
  if (status === 'success') return passes('check_success', name, `the job ${shown(name)} passed`);
  if (UNFINISHED.has(status)) {
    const remedy = 'wait for it, then --resume';
    return waits(`the job ${shown(name)}`, { code: 'check_pending', about: name, message, remedy });
  }
  const code = CODES.get(status);
  if (code === undefined) return unknownWord('ci', name, message);
  if (required !== undefined) {
    if (status === 'skipped' && required.accept.includes('skipped')) {
      return notes('check_skipped_accepted', name, `${message}, which its entry accepts`);
    }
    return blocks(
      code,
      name,
      `${message}, and it is required`,
      'look at the job, mend the cause, run it again',
    );
  }
  if (status === 'skipped' || (NOT_RUN.has(status) && job.allowFailure)) {
    return notes('job_not_run', name, message);
  }
  if (job.allowFailure) return notes('job_failure_allowed', name, `${message}, which the pipeline allows`);
  return blocks(
    code,
    name,
    `${message} in a pipeline that says success`,
    'look at the pipeline, run it again',
  );
}

function nothingPassed(count: number): Finding {
  return blocks(
    'no_required_checks',
    null,
    count === 0 ? 'the pipeline has no jobs' : `none of the ${count} jobs of the pipeline passed`,
    'a pipeline that checks nothing does not count: let it run at least one job that has to pass',
  );
}

/** Tries get rising ids. */
function latestOf(tries: readonly JobFact[]): JobFact {
  return tries.reduce((latest, job) => (job.id > latest.id ? job : latest));
}
