import * as z from 'zod';
import { AUDIT_KINDS } from '../core/audit-kinds.ts';
import { sha256Schema } from './records.schema.ts';

/** One line of `audit.jsonl`; what else a record holds depends on its kind. */
export const auditRecordSchema = z
  .looseObject({
    seq: z.int().positive(),
    prev: sha256Schema,
    time: z.iso.datetime(),
    kind: z.enum(AUDIT_KINDS),
    commits: z.int().nonnegative().optional(),
    mac: sha256Schema.optional(),
    sha256: sha256Schema,
  })
  .meta({ title: 'Audit record', description: 'One line of audit.jsonl, sealed to the one before it.' });
