import { setTimeout } from 'node:timers/promises';
import type { PullRequestRecord } from '../../../core/delivery/delivery-record.ts';
import type {
  OpenPullRequest,
  PullRequestPort,
  PullRequestWords,
} from '../../../core/delivery/pull-request-port.ts';
import { refuse, trouble } from '../../../core/delivery/refusal.ts';
import type { Failure } from '../../../core/failure.ts';
import type { PullRequestPlan } from '../../../core/gates/gate-plan.ts';
import { fail, ok, type Result } from '../../../core/result.ts';
import { pullRequestsOf } from './forge-port.ts';
import type { DeliveryWork, StepResult } from './step.ts';

/** Milliseconds that a forge may take to show a pushed commit, and between two looks at it. */
const SHOWN_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 1_000;

/** What will be opened, or which open one will be brought up to date. */
export async function intendPullRequest(work: DeliveryWork): StepResult {
  const { record } = work;
  const wanted = wantedOf(work);
  const found = await findOne(portOf(work), wanted.words);
  if (!found.ok) return found;
  const earlier = record.pull_request;
  const { on, project } = wanted.plan;
  const { head, base, title } = wanted.words;
  const isSame =
    found.value !== null &&
    earlier?.state === 'done' &&
    earlier.number === found.value.number &&
    earlier.title === title &&
    earlier.project === project;
  if (isSame) return ok(record);
  const number = found.value?.number ?? null;
  const intended: PullRequestRecord = {
    ...{ state: 'intended', on, project, head, base, title, number },
    url: found.value === null ? null : keptUrl(work, found.value.url),
    head_sha: null,
  };
  return ok({ ...record, pull_request: intended });
}

/** Opens it, or brings it up to date, unless that is done; then waits until it is for the commit that was pushed. */
export async function openPullRequest(work: DeliveryWork): StepResult {
  const { record } = work;
  const intended = record.pull_request;
  const pushed = record.push;
  if (intended === null || pushed === null) throw new Error('no pull request was intended');
  const port = portOf(work);
  const { words } = wantedOf(work);
  const found = await findOne(port, words);
  if (!found.ok) return found;
  const written = await write(port, { words, intended, found: found.value });
  if (!written.ok) return written;
  const shown = await untilShown(work, { port, words, sha: pushed.sha, first: written.value });
  if (!shown.ok) return shown;
  const { number, url, headSha } = shown.value;
  const done = { ...intended, state: 'done' as const, number, url: keptUrl(work, url), head_sha: headSha };
  return ok({ ...record, pull_request: done });
}

async function write(
  port: PullRequestPort,
  what: {
    readonly words: PullRequestWords;
    readonly intended: PullRequestRecord;
    readonly found: OpenPullRequest | null;
  },
): Promise<Result<OpenPullRequest, Failure>> {
  const { words, intended, found } = what;
  if (found === null) return port.open(words);
  return intended.state === 'done' ? ok(found) : port.update(found.number, words);
}

/** A forge shows a push a moment after it; a pull request for another commit is none for ours. */
async function untilShown(
  { context }: DeliveryWork,
  what: {
    readonly port: PullRequestPort;
    readonly words: PullRequestWords;
    readonly sha: string;
    readonly first: OpenPullRequest;
  },
): Promise<Result<OpenPullRequest, Failure>> {
  const { port, words, sha } = what;
  const deadline = context.ports.clock.monotonic() + SHOWN_WITHIN_MS;
  let seen = what.first;
  while (seen.headSha !== sha) {
    if (context.abort.aborted || context.ports.clock.monotonic() > deadline) {
      return fail(
        trouble(
          `the pull request ${seen.number} is for ${seen.headSha?.slice(0, 64) ?? 'no commit yet'}, expected ${sha}, which was pushed`,
          'look at the pull request; when it shows the pushed commit, --resume',
        ),
      );
    }
    await setTimeout(LOOK_EVERY_MS, undefined, { signal: context.abort }).catch(() => undefined);
    const found = await findOne(port, words);
    if (!found.ok) return found;
    if (found.value !== null) seen = found.value;
  }
  return ok(seen);
}

async function findOne(
  port: PullRequestPort,
  words: PullRequestWords,
): Promise<Result<OpenPullRequest | null, Failure>> {
  const found = await port.find(words);
  if (!found.ok) return found;
  const [one, another] = found.value;
  if (another === undefined) return ok(one ?? null);
  return fail(
    refuse(
      `there are ${found.value.length} open pull requests from ${words.head} into ${words.base}, expected one at most`,
      'close those that are not meant, then --resume',
    ),
  );
}

function wantedOf({ plan }: DeliveryWork): { plan: PullRequestPlan; words: PullRequestWords } {
  const wanted = plan.pullRequest;
  if (wanted === null) throw new Error('no pull request is configured');
  const { base, title, body, draft } = wanted;
  return { plan: wanted, words: { head: plan.branch, base, title, body, draft } };
}

function portOf({ context, plan }: DeliveryWork): PullRequestPort {
  if (plan.pullRequest === null) throw new Error('no pull request is configured');
  return pullRequestsOf(context, plan.pullRequest);
}

/** As it may be kept: what a forge says can hold the token that it was asked with. */
function keptUrl({ context }: DeliveryWork, url: string): string {
  return context.mask.text(url).slice(0, 500);
}
