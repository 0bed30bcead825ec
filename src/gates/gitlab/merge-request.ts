import type * as z from 'zod';
import { fail, ok, type Result } from '../../core/result.ts';
import {
  deliveredMergeRequestSchema,
  foundMergeRequestsSchema,
} from '../../formats/gitlab/merge-request.schema.ts';
import { parseAnswer } from '../../formats/gitlab/parse.ts';
import { readList } from './pages.ts';
import type { GitlabPorts } from './ports.ts';
import { request } from './request.ts';
import { type Trouble, trouble } from './trouble.ts';

/** A merge request that a run delivers. */
export interface DeliveredMergeRequest {
  readonly number: number;
  /** Where a person looks at it. */
  readonly url: string;
  /** null while GitLab has not taken in the push. */
  readonly headSha: string | null;
}

/** From where to where. */
export interface Branches {
  /** `group/sub/project` or a number. */
  readonly project: string;
  readonly head: string;
  readonly base: string;
}

/** What people read of it. */
export interface MergeRequestText {
  readonly title: string;
  readonly body: string;
  /** GitLab knows a draft by its title: `Draft: ` is put in front. */
  readonly draft: boolean;
}

type Delivered = z.infer<typeof deliveredMergeRequestSchema>;

/** The open merge requests of these branches, looked up before one is opened. */
export async function findMergeRequests(
  { project, head, base }: Branches,
  ports: GitlabPorts,
): Promise<Result<readonly DeliveredMergeRequest[], Trouble>> {
  const query = new URLSearchParams({ source_branch: head, target_branch: base, state: 'opened' });
  const path = `/projects/${encodeURIComponent(project)}/merge_requests?${query}`;
  const read = await readList(ports, path, foundMergeRequestsSchema, { bytes: [] });
  if (!read.ok) return read;
  const strange = read.value.find((one) => !isAsAsked(one, head, base));
  if (strange !== undefined)
    return fail(trouble(`GET ${path}: !${strange.iid} is of other branches, or closed`));
  return ok(read.value.filter(isOwn).map(delivered));
}

/** Opens a merge request. One of the same branches that is open already (409) is given back instead of a second one. */
export async function openMergeRequest(
  branches: Branches,
  text: MergeRequestText,
  ports: GitlabPorts,
): Promise<Result<DeliveredMergeRequest, Trouble>> {
  const { project, head, base } = branches;
  const path = `/projects/${encodeURIComponent(project)}/merge_requests`;
  const body = { source_branch: head, target_branch: base, ...written(text) };
  const reply = await request(ports, { method: 'POST', path, body, expect: [201] });
  if (reply.ok) {
    return parseDelivered(
      `POST ${path}`,
      reply.value.bytes,
      (one) => isOwn(one) && isAsAsked(one, head, base),
    );
  }
  if (reply.failure.status !== 409) return reply;
  const found = await findMergeRequests(branches, ports);
  if (!found.ok) return found;
  const [first] = found.value;
  return first === undefined ? reply : ok(first);
}

/** Changes title and text of a merge request that is there. */
export async function updateMergeRequest(
  { project, number }: { readonly project: string; readonly number: number },
  text: MergeRequestText,
  ports: GitlabPorts,
): Promise<Result<DeliveredMergeRequest, Trouble>> {
  const path = `/projects/${encodeURIComponent(project)}/merge_requests/${number}`;
  const reply = await request(ports, { method: 'PUT', path, body: written(text), expect: [200] });
  return reply.ok ? parseDelivered(`PUT ${path}`, reply.value.bytes, (one) => one.iid === number) : reply;
}

function written({ title, body, draft }: MergeRequestText): Readonly<Record<string, string>> {
  return { title: draft && !title.startsWith('Draft:') ? `Draft: ${title}` : title, description: body };
}

function parseDelivered(
  what: string,
  bytes: Uint8Array,
  isAsked: (one: Delivered) => boolean,
): Result<DeliveredMergeRequest, Trouble> {
  const parsed = parseAnswer(deliveredMergeRequestSchema, bytes);
  if (!parsed.ok) return fail(trouble(`${what}: the answer ${parsed.failure}`));
  return isAsked(parsed.value)
    ? ok(delivered(parsed.value))
    : fail(trouble(`${what}: the answer is of another merge request`));
}

function isAsAsked(one: Delivered, head: string, base: string): boolean {
  return one.source_branch === head && one.target_branch === base && one.state === 'opened';
}

/** Anybody's fork can have a branch of that name: its merge request is somebody else's. */
function isOwn(one: Delivered): boolean {
  return one.source_project_id === one.target_project_id;
}

function delivered({ iid, web_url, sha }: Delivered): DeliveredMergeRequest {
  return { number: iid, url: web_url.slice(0, 500), headSha: sha };
}
