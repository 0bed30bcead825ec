import type { StoredConfig } from '../../core/config/stored-config.ts';
import { type Failure, failure } from '../../core/failure.ts';
import { ORCHESTRATE } from '../../core/machine/pipeline.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { storeConfig } from '../../formats/stored-config.ts';
import { loadPath, type StoredRoots } from '../../formats/stored-path.ts';
import { digestOfFile } from '../../store/artifacts/freshness.ts';
import { realOrSame } from '../../store/real-path.ts';
import { changedArtifacts } from './check-evidence.ts';
import type { ResumeParts } from './resume-parts.ts';
import { changedBinaries, changesOfResume, judgeBinaries } from './resume-run.ts';

/** A resume that may go on. */
export interface ResumeVerdict {
  readonly config: StoredConfig;
  /** What this invocation changes, in words. */
  readonly changes: readonly string[];
}

/**
 * Whether what has been completed still stands: its configuration (exit 2), its artifacts and its binaries (exit
 * 1), each refusal naming stage and remedy.
 */
export function judgeResume(parts: ResumeParts): Result<ResumeVerdict, Failure> {
  const { evidence, resumed, secrecy, held, request } = parts;
  const before = evidence.checkpoint.run;
  const roots: StoredRoots = { outDir: held.paths.outDir, repoRoot: resumed.plan.repoRoot };
  const { standing } = resumed;
  const config = storeConfig(resumed.plan, roots, {
    text: secrecy.mask.text,
    isSecret: secrecy.isSecret,
    passedSecrets: secrecy.passedSecrets,
    argsWithheld: resumed.withheld.args,
    envWithheld: resumed.withheld.env,
    promptsWithheld: resumed.withheld.prompts,
  });
  const changes = changesOfResume(ORCHESTRATE, before.config, config, standing);
  if (!changes.ok) return changes;
  const standingArtifacts = before.artifacts.filter((one) => standing.includes(one.stage));
  const [changed] = changedArtifacts(standingArtifacts, roots);
  if (changed !== undefined) {
    const { message, stage, remedy } = changed;
    return fail(failure('artifact_changed', message, { stage, remedy }));
  }
  const binaries = changedBinaries(before, standing, (path) =>
    digestOfFile(realOrSame(loadPath(path, roots))),
  );
  const accepted = judgeBinaries(binaries, request.acceptChangedBinary);
  return accepted.ok ? ok({ config, changes: [...changes.value, ...accepted.value] }) : accepted;
}
