import { realOrSame } from '../../store/real-path.ts';
import { type Examination, type ExamineRequest, examineEvidence } from '../examine-evidence.ts';

/** Examines the evidence in an out_dir by its real path: stored paths are relative to that one. */
export function examinePlace(request: ExamineRequest): Promise<Examination> {
  return examineEvidence({ ...request, outDir: realOrSame(request.outDir) });
}
