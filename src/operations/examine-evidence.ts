import { statSync } from 'node:fs';
import { type Failure, failure } from '../core/failure.ts';
import type { StateKeySource } from '../core/run-plan.ts';
import type { Checkpoint } from '../formats/checkpoint.ts';
import { parseCheckpoint } from '../formats/parse-checkpoint.ts';
import { sha256 } from '../formats/sha256.ts';
import type { StateKey } from '../formats/state-key.ts';
import { lstatOrNull } from '../store/file-kind.ts';
import { errnoOf } from '../store/io-failure.ts';
import { type EvidencePaths, evidencePaths } from '../store/layout.ts';
import { readRegularFile } from '../store/read-regular-file.ts';
import { auditProblems } from './evidence/audit-problems.ts';
import { type AuditFound, readAuditState } from './evidence/audit-state.ts';
import { type Authenticity, judgeAuthenticity } from './evidence/authenticity.ts';
import { closureProblems } from './evidence/closure-problems.ts';
import { type ReportFound, readReportState, reportOfCheckpoint } from './evidence/report-state.ts';

/** Larger documents are none of ours: a run of many thousand attempts stays far below. */
export const MAX_DOCUMENT_BYTES = 256 * 1024 * 1024;

/** Something in the evidence that contradicts the checkpoint. */
export interface Finding {
  readonly subject: 'report' | 'audit' | 'closure';
  /** What was found, without its subject. */
  readonly detail: string;
  /** Always `evidence_tampered`. */
  readonly failure: Failure;
}

/** What an out_dir holds. */
export type Examination =
  | {
      /** No checkpoint. `leftovers` are the documents that are there all the same: alone they prove nothing. */
      readonly kind: 'nothing';
      readonly paths: EvidencePaths;
      readonly leftovers: readonly string[];
    }
  | {
      readonly kind: 'unreadable';
      readonly paths: EvidencePaths;
      readonly failure: Failure;
      /** Whether this user may not look: nothing is known of the checkpoint then. */
      readonly denied: boolean;
    }
  | ReadEvidence;

export interface ReadEvidence {
  readonly kind: 'read';
  readonly paths: EvidencePaths;
  readonly checkpoint: Checkpoint;
  readonly checkpointBytes: Buffer;
  readonly authenticity: Authenticity;
  readonly report: ReportFound;
  readonly audit: AuditFound;
  /** Empty where the evidence holds; each is a reason to trust nothing that it says. */
  readonly findings: readonly Finding[];
}

export interface ExamineRequest {
  /** Absolute. */
  readonly outDir: string;
  /** Absolute, or null for the default. */
  readonly checkpointPath: string | null;
  /** What the evidence has to be authenticated with; without it, whether it is can only be told. */
  readonly key?: StateKey | null;
}

/** A request as a command line makes it: the key is still to be read. */
export interface EvidenceRequest extends Omit<ExamineRequest, 'key'> {
  readonly stateKey?: StateKeySource | null;
}

/** How often a checkpoint may be replaced while it is read; a run that commits does so a few times a second. */
const MAX_ROUNDS = 5;

/**
 * Reads the evidence of a run and checks it against the checkpoint, which is the truth (spec section 5). Under
 * a committed `done` everything has to match. Before that a report that differs or is missing can be rebuilt,
 * and a longer audit log or a torn last record is what a crash leaves; a log that is shorter, broken or gone is
 * tampering. Reads only, takes no lock: where a run commits meanwhile, it reads again.
 */
export async function examineEvidence(request: ExamineRequest): Promise<Examination> {
  const paths = evidencePaths(request.outDir, request.checkpointPath);
  const key = request.key ?? null;
  let examined = await examineOnce(paths, key);
  for (let round = 1; round < MAX_ROUNDS && movedOn(examined, paths); round += 1) {
    examined = await examineOnce(paths, key);
  }
  return examined;
}

function movedOn(examined: Examination, paths: EvidencePaths): boolean {
  if (examined.kind !== 'read' || examined.findings.length === 0) return false;
  const now = readRegularFile(paths.checkpoint, MAX_DOCUMENT_BYTES);
  return now.kind === 'bytes' && !now.bytes.equals(examined.checkpointBytes);
}

async function examineOnce(paths: EvidencePaths, key: StateKey | null): Promise<Examination> {
  const found = readRegularFile(paths.checkpoint, MAX_DOCUMENT_BYTES);
  switch (found.kind) {
    case 'missing':
      return { kind: 'nothing', paths, leftovers: leftoversIn(paths) };
    case 'empty':
      return readCheckpoint(paths, Buffer.alloc(0), key);
    case 'unreadable': {
      if (isNoFolder(paths.outDir)) return { kind: 'nothing', paths, leftovers: [] };
      const why = failure('checkpoint_unreadable', `${paths.checkpoint}: ${found.problem}`, {
        remedy: found.denied
          ? 'look as a user who may read it'
          : 'put back a good copy, or start a fresh run without --resume',
      });
      return { kind: 'unreadable', paths, failure: why, denied: found.denied };
    }
    case 'bytes':
      return readCheckpoint(paths, found.bytes, key);
  }
}

function leftoversIn(paths: EvidencePaths): readonly string[] {
  return [paths.report, paths.audit, paths.statements].filter(isThere);
}

/** A loop of links, say; where this user may not look, it may be one. */
function isNoFolder(outDir: string): boolean {
  try {
    return !statSync(outDir).isDirectory();
  } catch (error) {
    return !['EACCES', 'EPERM'].includes(errnoOf(error));
  }
}

/** Of whatever kind; what cannot be looked at is not told. */
function isThere(path: string): boolean {
  try {
    return lstatOrNull(path) !== null;
  } catch {
    return false;
  }
}

async function readCheckpoint(
  paths: EvidencePaths,
  bytes: Buffer,
  key: StateKey | null,
): Promise<Examination> {
  const parsed = await parseCheckpoint(bytes, paths.checkpoint);
  if (!parsed.ok) return { kind: 'unreadable', paths, failure: parsed.failure, denied: false };
  const checkpoint = parsed.value;
  const authenticity = judgeAuthenticity(checkpoint, { path: paths.checkpoint, bytes }, key);
  if (!authenticity.ok) {
    return { kind: 'unreadable', paths, failure: authenticity.failure, denied: false };
  }
  const report = readReportState(paths.report, checkpoint.report_sha256, MAX_DOCUMENT_BYTES);
  const audit = readAuditState(paths.audit, checkpoint, key);
  const findings = findingsOf(checkpoint, report, audit);
  return {
    kind: 'read',
    paths,
    checkpoint,
    checkpointBytes: bytes,
    authenticity: authenticity.value,
    report,
    audit,
    findings,
  };
}

function findingsOf(checkpoint: Checkpoint, report: ReportFound, audit: AuditFound): readonly Finding[] {
  const done = checkpoint.run.state.status === 'done';
  const legalAudit = done ? ['exact'] : ['exact', 'longer', 'torn-tail'];
  const own = sha256(reportOfCheckpoint(checkpoint).text) === checkpoint.report_sha256;
  return [
    ...(done && report.state !== 'matches' ? [finding('report', report.detail)] : []),
    ...(done && !own ? [finding('report', 'the checkpoint names a report that is not its own')] : []),
    ...(legalAudit.includes(audit.state) ? [] : [finding('audit', audit.detail)]),
    ...contradictions(checkpoint, audit).map((problem) => finding('audit', problem)),
    ...(done ? closureProblems(checkpoint.run).map((problem) => finding('closure', problem)) : []),
  ];
}

/** Of a log that cannot be trusted nothing is compared: it is a finding itself. */
function contradictions({ run }: Checkpoint, { state, facts }: AuditFound): readonly string[] {
  return ['exact', 'longer', 'torn-tail'].includes(state) ? auditProblems(run, facts) : [];
}

function finding(subject: Finding['subject'], detail: string): Finding {
  return {
    subject,
    detail,
    failure: failure('evidence_tampered', `${NAMES[subject]}: ${detail}`, {
      remedy:
        'find out what changed it; put back a good copy of the evidence, or start a fresh run without --resume',
    }),
  };
}

const NAMES = {
  report: 'the run report',
  audit: 'the audit log',
  closure: 'the checkpoint says done',
} as const;
