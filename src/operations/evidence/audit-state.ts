import type { Checkpoint } from '../../formats/checkpoint.ts';
import type { StateKey } from '../../formats/state-key.ts';
import { type AuditFact, auditProblem, readAuditLog } from '../../store/audit-chain.ts';
import { MAX_CHECKPOINT_BYTES, readRegularFile } from '../../store/read-regular-file.ts';
import { committedFacts } from './committed-facts.ts';

/** The audit log on disk against the head that the checkpoint names. */
export interface AuditFound {
  /**
   * `longer`: good records after the head, `torn-tail`: the last line has no end, both what a crash leaves;
   * `shorter`: whole, but cut before the head; `broken`: no unbroken chain, or the chain of another log.
   */
  readonly state: 'exact' | 'longer' | 'torn-tail' | 'missing' | 'broken' | 'shorter';
  /** In words. */
  readonly detail: string;
  /** The records that were committed, in order; none where the log cannot be trusted. */
  readonly facts: readonly AuditFact[];
}

/** Reads the log and verifies its chain from the first record on, with a key each record's MAC as well. */
export function readAuditState(path: string, checkpoint: Checkpoint, key: StateKey | null): AuditFound {
  const found = readRegularFile(path, MAX_CHECKPOINT_BYTES);
  const { seq } = checkpoint.audit_head;
  switch (found.kind) {
    case 'missing':
      return { state: 'missing', detail: `it is missing, expected ${seq} records`, facts: [] };
    case 'unreadable':
      return { state: 'broken', detail: `it cannot be read: ${found.problem}`, facts: [] };
    case 'empty':
      return judge(Buffer.alloc(0), checkpoint, key);
    case 'bytes':
      return judge(found.bytes, checkpoint, key);
  }
}

function judge(bytes: Buffer, checkpoint: Checkpoint, key: StateKey | null): AuditFound {
  const { audit_head: head, sequence } = checkpoint;
  const records: AuditFact[] = [];
  const reading = readAuditLog(bytes, key?.auditRecord ?? null, (fact) => records.push(fact));
  const problem = auditProblem(reading, head);
  if (problem !== null) {
    const shorter = reading.records < head.seq && reading.problem === null;
    return { state: shorter ? 'shorter' : 'broken', detail: problem, facts: [] };
  }
  if (reading.commits !== null && reading.commits > sequence) {
    const detail = `it was written after commit ${reading.commits}, and the checkpoint is that of commit ${sequence}: an older one was put back`;
    return { state: 'broken', detail, facts: [] };
  }
  const { facts, problem: older } = committedFacts(records, head.seq);
  if (older !== null) return { state: 'broken', detail: older, facts: [] };
  const more = reading.records - head.seq;
  if (reading.tornTail) {
    return {
      state: 'torn-tail',
      detail: `${head.seq} records, ${more} more, and a last one that was cut off`,
      facts,
    };
  }
  return more > 0
    ? { state: 'longer', detail: `${head.seq} records, and ${more} more after the last commit`, facts }
    : {
        state: 'exact',
        detail: `${head.seq} records, chain unbroken, last ${head.sha256.slice(0, 12)}`,
        facts,
      };
}
