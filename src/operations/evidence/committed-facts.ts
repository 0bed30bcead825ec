import type { AuditFact } from '../../store/audit-chain.ts';

/** The records that a run's commits have sealed, and why some of the others cannot be what a crash has left. */
export interface CommittedFacts {
  readonly facts: readonly AuditFact[];
  readonly problem: string | null;
}

/**
 * What a crash, or a commit that failed, leaves after the last commit is never committed: the resume that follows, or the
 * record of the failure, names the record that it took up (`after_seq`), and those between are passed over. One commit comes before a thing is begun, so that its intent and
 * its end are never both left over: where they are, an older checkpoint was put back.
 */
export function committedFacts(records: readonly AuditFact[], head: number): CommittedFacts {
  const facts: AuditFact[] = [];
  const leftOver: AuditFact[][] = [];
  for (const record of records) {
    if (record.seq > head) break;
    const { after_seq: after } = record.fields;
    if (typeof after === 'number') {
      leftOver.push(facts.filter((one) => one.seq > after));
      facts.splice(facts.length - (leftOver.at(-1)?.length ?? 0));
    }
    facts.push(record);
  }
  leftOver.push(records.filter((one) => one.seq > head));
  const begun = leftOver.find(wasBegunAndEnded);
  const problem =
    begun === undefined
      ? null
      : `record ${begun[0]?.seq} and those after it tell of work that was begun after the last commit: an older checkpoint was put back`;
  return { facts, problem };
}

const PAIRS = [
  ['attempt-intended', 'attempt-ended'],
  ['delivery-intended', 'delivered'],
] as const;

function wasBegunAndEnded(records: readonly AuditFact[]): boolean {
  return PAIRS.some(([intent, end]) => {
    const from = records.findIndex((one) => one.kind === intent);
    return from !== -1 && records.slice(from).some((one) => one.kind === end);
  });
}
