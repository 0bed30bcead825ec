import type { ZodType } from 'zod';
import { unreachable } from '../core/unreachable.ts';

/** The documents whose JSON Schema is published, with the major version of each. */
export const PUBLISHED_SCHEMAS = {
  config: 1,
  'run-report': 1,
  checkpoint: 1,
  'audit-record': 1,
  'planning-context': 1,
  'plan-scope': 1,
  'reviewer-report': 1,
  'observation-line': 1,
  'policy-input': 1,
  'policy-decision': 1,
  'gate-question': 1,
  'gate-document': 1,
  'run-report-statement': 1,
  approval: 1,
  'doctor-report': 1,
  verification: 1,
  explanation: 1,
  'run-list': 1,
  'run-diff': 1,
  'cleaned-runs': 1,
} as const;
export type SchemaName = keyof typeof PUBLISHED_SCHEMAS;

/** The names in the order in which they are listed. */
export function schemaNames(): readonly SchemaName[] {
  return [
    'config',
    'run-report',
    'checkpoint',
    'audit-record',
    'planning-context',
    'plan-scope',
    'reviewer-report',
    'observation-line',
    'policy-input',
    'policy-decision',
    'gate-question',
    'gate-document',
    'run-report-statement',
    'approval',
    'doctor-report',
    'verification',
    'explanation',
    'run-list',
    'run-diff',
    'cleaned-runs',
  ];
}

/** Identifies a published schema for good; nothing is fetched from there. */
export function schemaId(name: SchemaName): string {
  return `urn:orchestrator:schema:${name}:${PUBLISHED_SCHEMAS[name]}`;
}

/** The text of `schemas/<name>.schema.json`, generated from the zod definition (JSON Schema 2020-12). */
export async function publishedSchema(name: SchemaName): Promise<string> {
  const { toJSONSchema } = await import('./json-schema.ts');
  const { $schema, ...body } = toJSONSchema(await definitionOf(name), { io: 'input' });
  return `${JSON.stringify({ $schema, $id: schemaId(name), ...body }, null, 2)}\n`;
}

async function definitionOf(name: SchemaName): Promise<ZodType> {
  switch (name) {
    case 'config':
      return (await import('./config.schema.ts')).configSchema;
    case 'run-report':
      return (await import('./report.schema.ts')).runReportSchema;
    case 'checkpoint':
      return (await import('./checkpoint.schema.ts')).checkpointSchema;
    case 'audit-record':
      return (await import('./audit.schema.ts')).auditRecordSchema;
    case 'planning-context':
      return (await import('./planning-context.schema.ts')).planningContextSchema;
    case 'plan-scope':
      return (await import('./plan-scope.schema.ts')).planScopeSchema;
    case 'reviewer-report':
      return (await import('./reviewer-report.schema.ts')).reviewerReportSchema;
    case 'observation-line':
      return (await import('./observation.schema.ts')).observationLineSchema;
    case 'policy-input':
      return (await import('./policy-input.schema.ts')).policyInputSchema;
    case 'policy-decision':
      return (await import('./policy-decision.schema.ts')).policyDecisionSchema;
    case 'gate-question':
      return (await import('./gate-question.schema.ts')).gateQuestionSchema;
    case 'gate-document':
      return (await import('./gate-document.schema.ts')).gateDocumentSchema;
    case 'run-report-statement':
      return (await import('./run-statement.schema.ts')).runStatementSchema;
    case 'approval':
      return (await import('./approval.schema.ts')).approvalSchema;
    case 'doctor-report':
      return (await import('./doctor-report.schema.ts')).doctorReportSchema;
    case 'verification':
      return (await import('./verification.schema.ts')).verificationSchema;
    case 'explanation':
      return (await import('./explanation.schema.ts')).explanationSchema;
    case 'run-list':
      return (await import('./housekeeping.schema.ts')).runListSchema;
    case 'run-diff':
      return (await import('./housekeeping.schema.ts')).runDiffSchema;
    case 'cleaned-runs':
      return (await import('./housekeeping.schema.ts')).cleanSchema;
    default:
      return unreachable(name);
  }
}
