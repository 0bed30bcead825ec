import * as z from 'zod';
import { sha256Schema } from './records.schema.ts';
import { type PredicateType, STATEMENT_TYPE, type Statement, type StatementSubject } from './statement.ts';

/** A commit in full hex, of either of git's hashes. */
export const commitSchema = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);

const subjectSchema: z.ZodType<StatementSubject> = z.strictObject({
  name: z.string(),
  digest: z.union([z.strictObject({ sha256: sha256Schema }), z.strictObject({ gitCommit: commitSchema })]),
});

/** A statement of one predicate type. */
export function statementSchema<Type extends PredicateType, Predicate>(
  predicateType: Type,
  predicate: z.ZodType<Predicate>,
) {
  return z.strictObject({
    _type: z.literal(STATEMENT_TYPE),
    subject: z.array(subjectSchema).min(1),
    predicateType: z.literal(predicateType),
    predicate,
  }) satisfies z.ZodType<Statement<Type, Predicate>>;
}
