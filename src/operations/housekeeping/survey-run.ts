import { type RunSummary, restingState } from '../../core/run-summary.ts';
import { describeErrno, errnoOf } from '../../store/io-failure.ts';
import { mountPointIn } from '../../store/mount-points.ts';
import { isMovedAside } from '../../store/remove-evidence.ts';
import { type Survey, surveyEvidence } from '../../store/survey-evidence.ts';
import { examineEvidence, type ReadEvidence } from '../examine-evidence.ts';
import { isPageOf } from '../html-report-file.ts';
import { recordedBySuperseded, recordedFiles } from './recorded-files.ts';

/** A run that may be removed as far as its folder goes, or why it stays. */
export type SurveyedRun =
  | { readonly kind: 'ours'; readonly survey: Survey; readonly evidence: ReadEvidence }
  | { readonly kind: 'stays'; readonly why: string };

/**
 * Looks at all that is in the out_dir of a run, at `place`, which is another path once it was moved aside. `cutOff`:
 * it is what an earlier removal has left, so that evidence is missing beside its checkpoint.
 */
export async function surveyRun(place: string, cutOff: boolean): Promise<SurveyedRun> {
  const evidence = await examineEvidence({ outDir: place, checkpointPath: null });
  if (evidence.kind === 'nothing') return stays('its checkpoint has gone meanwhile');
  if (evidence.kind === 'unreadable') return stays('its checkpoint cannot be read');
  if (evidence.findings.length > 0 && !cutOff) return stays('its evidence does not hold');
  if (mountPointIn(place) !== null) return stays('a mount point is in it, or is its place');
  const { run } = evidence.checkpoint;
  const earlier = await recordedBySuperseded(evidence.paths.superseded);
  try {
    const survey = surveyEvidence(place, {
      recorded: [...recordedFiles(run), ...earlier],
      isPage: (file) => isPageOf(file, run.run_id),
    });
    if (survey.foreign === null) return { kind: 'ours', survey, evidence };
    return stays(`it holds ${survey.foreign}, which the run did not make or which was changed since`);
  } catch (error) {
    return stays(`it cannot be read whole: ${describeErrno(errnoOf(error))}`);
  }
}

/**
 * The state of a removal that was cut off is that of its checkpoint: what is missing beside it is what was removed.
 */
export async function asCommitted(run: RunSummary): Promise<RunSummary> {
  if (run.state !== 'distrusted' || !isMovedAside(run.out_dir)) return run;
  const evidence = await examineEvidence({ outDir: run.out_dir, checkpointPath: null });
  return evidence.kind === 'read' ? { ...run, state: restingState(evidence.checkpoint.run.state) } : run;
}

function stays(why: string): SurveyedRun {
  return { kind: 'stays', why };
}
