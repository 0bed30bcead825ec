import type { RunDocument } from '../../core/run-document.ts';
import type { RecordedFile } from '../../store/survey-evidence.ts';

const IN_OUT_DIR = 'out:';

/** The files in out_dir that a run has recorded beside its evidence: artifacts of any attempt, and the context. */
export function recordedFiles(run: RunDocument): readonly RecordedFile[] {
  const { planning_context: context } = run;
  return [
    ...run.artifacts,
    ...run.stage_executions.flatMap((one) => one.artifacts),
    ...(context === null ? [] : [context]),
  ].flatMap(({ path, sha256 }) =>
    path.startsWith(IN_OUT_DIR) ? [{ path: path.slice(IN_OUT_DIR.length), sha256 }] : [],
  );
}
