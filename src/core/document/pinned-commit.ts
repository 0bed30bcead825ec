import { deliveredSha } from '../delivery/delivery-record.ts';
import type { RunDocument } from '../run-document.ts';

/** The parts of a run that name its commit; a report has them too. */
export type CommitNames = Pick<RunDocument, 'repo' | 'delivery'> & {
  readonly config: { readonly closure: Pick<RunDocument['config']['closure'], 'gate_commit'> };
};

/**
 * The commit that a run stands for: what it delivered, else what the operator named, else HEAD as it was when the
 * validated tree was taken. HEAD as it is later is what a stage or anybody has made of it since (spec/gates.md,
 * section 1). null where there is none.
 */
export function pinnedCommit({ repo, delivery, config }: CommitNames): string | null {
  return deliveredSha(delivery, repo.tree_digest) ?? config.closure.gate_commit ?? repo.head;
}

/**
 * The commit that is known to hold what was validated: delivered, attested by a forge that was asked about it, or found
 * to be HEAD. What is signed names no other: who matches by digest would take it for one that passed.
 */
export function attestedCommit(
  run: Pick<RunDocument, 'repo' | 'delivery' | 'gate_decisions'>,
): string | null {
  const documents = run.gate_decisions.flatMap((one) => one.documents);
  const forge = documents.find((one) => one.passed && /^(?:github|gitlab):/.test(one.source));
  const delivered = deliveredSha(run.delivery, run.repo.tree_digest);
  return delivered ?? forge?.subject.head_sha ?? run.repo.validated_commit;
}
