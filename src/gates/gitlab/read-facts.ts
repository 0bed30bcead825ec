import * as z from 'zod';
import type {
  ApprovalFact,
  ApprovalRuleFact,
  CommitNamesFact,
  JobFact,
  MergeRequestFact,
  VersionFact,
} from '../../core/gates/gitlab/facts.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import {
  approvalStateSchema,
  approvalsSchema,
  commitSchema,
  jobSchema,
  versionSchema,
} from '../../formats/gitlab/facts.schema.ts';
import { mergeRequestSchema } from '../../formats/gitlab/merge-request.schema.ts';
import type { Seen } from './memory.ts';
import { readList, readOne } from './pages.ts';
import type { GitlabPorts } from './ports.ts';
import { type Trouble, trouble } from './trouble.ts';

/** Where one merge request is: its project, and itself. */
export interface Place {
  /** `/projects/group%2Fproject`. */
  readonly project: string;
  /** `/projects/group%2Fproject/merge_requests/7`. */
  readonly merge: string;
  readonly iid: number;
}

/** The paths of a merge request; `project` is `group/sub/project` or a number. */
export function placeOf(project: string, iid: number): Place {
  const root = `/projects/${encodeURIComponent(project)}`;
  return { project: root, merge: `${root}/merge_requests/${iid}`, iid };
}

/** The merge request; one with another number is trouble. */
export async function readMergeRequest(
  ports: GitlabPorts,
  { merge, iid }: Place,
  seen: Seen,
): Promise<Result<MergeRequestFact, Trouble>> {
  const read = await readOne(ports, merge, mergeRequestSchema, seen);
  if (!read.ok) return read;
  const { sha, state, draft, author, head_pipeline: newest } = read.value;
  if (read.value.iid !== iid) return fail(trouble(`GET ${merge}: the answer is about !${read.value.iid}`));
  return ok({
    ...{ iid, state, draft, sha, author, targetBranch: read.value.target_branch },
    ...{ projectId: read.value.target_project_id, mergeStatus: read.value.detailed_merge_status },
    pipeline: newest === null ? null : { ...newest, projectId: newest.project_id },
  });
}

/** Every try of every job of a pipeline; a job of another pipeline in the list is trouble. */
export async function readJobs(
  ports: GitlabPorts,
  { project }: Place,
  pipeline: { readonly id: number; readonly sha: string },
  seen: Seen,
): Promise<Result<readonly JobFact[], Trouble>> {
  const path = `${project}/pipelines/${pipeline.id}/jobs?include_retried=true`;
  const read = await readList(ports, path, z.array(jobSchema), seen);
  if (!read.ok) return read;
  const strange = read.value.find(
    (job) => job.pipeline.id !== pipeline.id || job.pipeline.sha !== pipeline.sha,
  );
  if (strange !== undefined) return fail(trouble(`GET ${path}: job ${strange.id} is of another pipeline`));
  const ids = new Set(read.value.map((job) => job.id));
  if (ids.size !== read.value.length) return fail(trouble(`GET ${path}: a job is there twice`));
  return ok(
    read.value.map(({ id, name, status, allow_failure }) => ({
      id,
      name,
      status,
      allowFailure: allow_failure,
    })),
  );
}

/** Who approved, and whether the instance has approval rules at all (it then names how many approvals it wants). */
export async function readApprovals(
  ports: GitlabPorts,
  { merge }: Place,
  seen: Seen,
): Promise<Result<{ readonly approvals: readonly ApprovalFact[]; readonly hasRules: boolean }, Trouble>> {
  const read = await readOne(ports, `${merge}/approvals`, approvalsSchema, seen);
  if (!read.ok) return read;
  const approvals = read.value.approved_by.map(({ user, approved_at }) => ({
    ...{ user, atMs: approved_at === null || approved_at === undefined ? null : Date.parse(approved_at) },
  }));
  const required = read.value.approvals_required;
  return ok({ approvals, hasRules: required !== null && required !== undefined });
}

/** The approval rules; null where the instance has none and says so with 404. */
export async function readRules(
  ports: GitlabPorts,
  { merge }: Place,
  hasRules: boolean,
  seen: Seen,
): Promise<Result<readonly ApprovalRuleFact[] | null, Trouble>> {
  const read = await readOne(ports, `${merge}/approval_state`, approvalStateSchema, seen);
  if (!read.ok) return !hasRules && read.failure.status === 404 ? ok(null) : read;
  return ok(
    read.value.rules.map(({ name, approvals_required, approved, approved_by }) => ({
      ...{ name, required: approvals_required, approved, approvedBy: approved_by },
    })),
  );
}

/** Every head that the merge request has had. */
export async function readVersions(
  ports: GitlabPorts,
  { merge }: Place,
  seen: Seen,
): Promise<Result<readonly VersionFact[], Trouble>> {
  const read = await readList(ports, `${merge}/versions`, z.array(versionSchema), seen);
  if (!read.ok) return read;
  return ok(
    read.value.map(({ id, head_commit_sha, created_at }) => ({
      ...{ id, headSha: head_commit_sha, sinceMs: Date.parse(created_at) },
    })),
  );
}

/** Every commit of the merge request. */
export async function readCommits(
  ports: GitlabPorts,
  { merge }: Place,
  seen: Seen,
): Promise<Result<readonly CommitNamesFact[], Trouble>> {
  const read = await readList(ports, `${merge}/commits`, z.array(commitSchema), seen);
  if (!read.ok) return read;
  return ok(
    read.value.map(({ id, author_name, author_email, committer_name, committer_email }) => ({
      ...{ sha: id, authorName: author_name, authorEmail: author_email },
      ...{ committerName: committer_name, committerEmail: committer_email },
    })),
  );
}
