import { basename, join } from 'node:path';
import { isInside } from '../formats/stored-path.ts';

/** The names inside an out_dir (spec section 5). */
export const LAYOUT = {
  report: 'orchestrator_run_report.json',
  checkpoint: 'orchestrator_checkpoint.json',
  checkpointLink: 'checkpoint.json',
  audit: 'audit.jsonl',
  statements: 'orchestrator_run_report.intoto.jsonl',
  logs: 'logs',
  artifacts: 'artifacts',
  superseded: 'superseded',
  attempts: 'attempts',
  lock: '.lock',
  ignore: '.gitignore',
} as const;

/** Where one run's evidence is; all absolute. */
export interface EvidencePaths {
  readonly outDir: string;
  readonly checkpoint: string;
  readonly report: string;
  readonly audit: string;
  /** What was signed of the run. */
  readonly statements: string;
  /** `checkpoint.json`, or null where the checkpoint is outside out_dir: a link that leaves it could not move. */
  readonly link: string | null;
  readonly logs: string;
  readonly artifacts: string;
  readonly superseded: string;
  /** What sandboxed attempts have left that was not asked for. */
  readonly attempts: string;
  readonly lock: string;
}

/** `checkpointPath` is absolute, or null for the default; the link's own name means the default too. */
export function evidencePaths(outDir: string, checkpointPath: string | null): EvidencePaths {
  const link = join(outDir, LAYOUT.checkpointLink);
  const checkpoint =
    checkpointPath === null || checkpointPath === link ? join(outDir, LAYOUT.checkpoint) : checkpointPath;
  return {
    outDir,
    checkpoint,
    report: join(outDir, LAYOUT.report),
    audit: join(outDir, LAYOUT.audit),
    statements: join(outDir, LAYOUT.statements),
    link: isInside(outDir, checkpoint) ? link : null,
    logs: join(outDir, LAYOUT.logs),
    artifacts: join(outDir, LAYOUT.artifacts),
    superseded: join(outDir, LAYOUT.superseded),
    attempts: join(outDir, LAYOUT.attempts),
    lock: join(outDir, LAYOUT.lock),
  };
}

/** `<stem>.<word>.json` beside the checkpoint, for what is kept of a checkpoint that is not the truth. */
export function besideCheckpoint(checkpoint: string, word: string): string {
  const name = basename(checkpoint);
  const stem = name.endsWith('.json') ? name.slice(0, -'.json'.length) : name;
  return join(checkpoint, '..', `${stem}.${word}.json`);
}

/** One path segment out of anything: what a run id or a stage name becomes when it is used as a folder. */
export function safeSegment(text: string): string {
  const safe = text.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, 96);
  return /^[A-Za-z0-9_]/.test(safe) ? safe : `_${safe}`;
}
