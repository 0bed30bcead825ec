import { parseEffort } from '../../formats/parse-effort.ts';
import { parseStrictJson } from '../../formats/strict-json.ts';
import type { Finding, ReadEvidence } from '../examine-evidence.ts';
import { type Check, requiredCheck } from './check.ts';

/** Checkpoint, report, report schema, audit chain, and that a `done` could have been closed. */
export async function checkDocuments(evidence: ReadEvidence): Promise<readonly Check[]> {
  const { sequence, run } = evidence.checkpoint;
  const closing = evidence.findings.filter((one) => one.subject === 'closure');
  const consistency =
    run.state.status === 'done'
      ? [
          requiredCheck(
            'consistency',
            verdictOf(closing),
            closing.length === 0 ? CONSISTENT : messages(closing),
          ),
        ]
      : [];
  return [
    requiredCheck('checkpoint', 'ok', `schema, exact form and own digest; sequence ${sequence}`),
    reportCheck(evidence),
    await reportSchemaCheck(evidence),
    auditCheck(evidence),
    ...consistency,
  ];
}

const CONSISTENT = 'stages, records, transitions, gates and artifacts agree with a run that was closed';

function reportCheck(evidence: ReadEvidence): Check {
  const findings = evidence.findings.filter((one) => one.subject === 'report');
  if (findings.length > 0) return requiredCheck('report', 'failed', messages(findings));
  const { state, detail } = evidence.report;
  if (state === 'matches') return requiredCheck('report', 'ok', `as the checkpoint names it, ${detail}`);
  return requiredCheck(
    'report',
    'not-checked',
    `it is not what the checkpoint names, which alone counts: ${detail}; --resume rebuilds it`,
  );
}

async function reportSchemaCheck(evidence: ReadEvidence): Promise<Check> {
  const { state, bytes } = evidence.report;
  if (state !== 'matches' || bytes === null) {
    return requiredCheck('report schema', 'not-checked', 'there is no report that belongs to the checkpoint');
  }
  const parsed = parseStrictJson(bytes);
  if (!parsed.ok) return requiredCheck('report schema', 'failed', `the report ${parsed.failure.problem}`);
  const { runReportSchema } = await import('../../formats/report.schema.ts');
  const fits = runReportSchema.safeParse(parsed.value, parseEffort(bytes.length));
  if (fits.success) return requiredCheck('report schema', 'ok', `version ${fits.data.schema_version}`);
  const issue = fits.error.issues[0];
  return requiredCheck(
    'report schema',
    'failed',
    `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it does not fit'}`,
  );
}

function auditCheck(evidence: ReadEvidence): Check {
  const findings = evidence.findings.filter((one) => one.subject === 'audit');
  return findings.length > 0
    ? requiredCheck('audit log', 'failed', messages(findings))
    : requiredCheck('audit log', 'ok', evidence.audit.detail);
}

function verdictOf(findings: readonly Finding[]): Check['verdict'] {
  return findings.length === 0 ? 'ok' : 'failed';
}

function messages(findings: readonly Finding[]): string {
  return findings.map((one) => one.detail).join('; ');
}
