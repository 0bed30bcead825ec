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
