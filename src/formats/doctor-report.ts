import { countFindings, type Finding, inOrder, type Severity } from '../core/doctor/finding.ts';
import type { Role } from '../core/run-plan.ts';

export const DOCTOR_REPORT_SCHEMA_VERSION = '1.0';

/** What `doctor --json` prints. */
export interface DoctorReport {
  readonly schema_version: typeof DOCTOR_REPORT_SCHEMA_VERSION;
  /** Of the program that looked. */
  readonly version: string;
  /** RFC 3339. */
  readonly looked_at: string;
  /** Absolute. */
  readonly out_dir: string;
  readonly repo_root: string;
  /** The role whose binary was started; null where none was. */
  readonly stage: Role | null;
  /** The worst of all findings. */
  readonly verdict: Severity;
  readonly counts: Readonly<Record<Severity, number>>;
  /** The worst first. */
  readonly findings: readonly Finding[];
}

/** Puts the report together. */
export function doctorReport(
  about: Pick<DoctorReport, 'version' | 'looked_at' | 'out_dir' | 'repo_root' | 'stage'>,
  findings: readonly Finding[],
): DoctorReport {
  const ordered = inOrder(findings);
  return {
    schema_version: DOCTOR_REPORT_SCHEMA_VERSION,
    ...about,
    verdict: ordered[0]?.severity ?? 'ok',
    counts: countFindings(ordered),
    findings: ordered,
  };
}
