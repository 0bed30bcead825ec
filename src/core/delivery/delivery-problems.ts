import type { DeliveryRecord } from './delivery-record.ts';
import type { DeliveryStep } from './delivery-step.ts';

/**
 * Why a run that was to deliver cannot have closed with this record; empty where it can. `tree` is the digest of the
 * content tree that closed.
 */
export function deliveryProblems(
  record: DeliveryRecord | null,
  steps: readonly DeliveryStep[],
  tree: string | null,
): readonly string[] {
  if (steps.length === 0) return [];
  if (record === null) return ['nothing is recorded of its delivery'];
  const { commit, push, pull_request: request } = record;
  const isForTree = commit?.state === 'done' && commit.sha !== null && commit.tree_digest === tree;
  return [
    ...(record.refused === null ? [] : ['its delivery was refused']),
    ...(isForTree ? [] : ['the content tree that closed was not committed']),
    ...(push?.state === 'done' && push.sha === commit?.sha ? [] : ['its commit was not pushed']),
    ...(!steps.includes('pull-request') || (request?.state === 'done' && request.head_sha === push?.sha)
      ? []
      : ['its pull request is not for the commit that was pushed']),
  ];
}
