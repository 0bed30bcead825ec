import * as z from 'zod';
import { CHECKS, SEVERITIES } from '../core/doctor/finding.ts';
import { ROLES } from '../core/run-plan.ts';
import { DOCTOR_REPORT_SCHEMA_VERSION, type DoctorReport } from './doctor-report.ts';

const count = z.int().nonnegative();

/** What `doctor --json` prints. */
export const doctorReportSchema: z.ZodType<DoctorReport> = z
  .strictObject({
    schema_version: z.literal(DOCTOR_REPORT_SCHEMA_VERSION),
    version: z.string(),
    looked_at: z.iso.datetime(),
    out_dir: z.string(),
    repo_root: z.string(),
    stage: z.enum(ROLES).nullable(),
    verdict: z.enum(SEVERITIES),
    counts: z.strictObject({ problem: count, warning: count, ok: count }),
    findings: z.array(
      z.strictObject({
        check: z.enum(CHECKS),
        subject: z.string().nullable(),
        severity: z.enum(SEVERITIES),
        seen: z.string(),
        means: z.string(),
        fix: z.string().nullable(),
      }),
    ),
  })
  .meta({
    title: 'Doctor report',
    description: 'What `orchestrator doctor --json` found on this machine, the worst first.',
  });
