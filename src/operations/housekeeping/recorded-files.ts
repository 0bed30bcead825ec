import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RunDocument } from '../../core/run-document.ts';
import { parseCheckpoint } from '../../formats/parse-checkpoint.ts';
import { errnoOf } from '../../store/io-failure.ts';
import { LAYOUT } from '../../store/layout.ts';
import { MAX_CHECKPOINT_BYTES, readRegularFile } from '../../store/read-regular-file.ts';
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

/** More earlier runs of one out_dir are not asked: what only they have recorded counts as somebody's. */
const MAX_SUPERSEDED = 1000;

/** The same of the runs that were superseded in this out_dir; of one that cannot be read there is none. */
export async function recordedBySuperseded(superseded: string): Promise<readonly RecordedFile[]> {
  const files: RecordedFile[] = [];
  for (const entry of foldersIn(superseded).slice(0, MAX_SUPERSEDED)) {
    const checkpoint = join(superseded, entry.name, LAYOUT.checkpoint);
    const found = readRegularFile(checkpoint, MAX_CHECKPOINT_BYTES);
    if (found.kind !== 'bytes') continue;
    const parsed = await parseCheckpoint(found.bytes, checkpoint);
    if (parsed.ok) files.push(...recordedFiles(parsed.value.run));
  }
  return files;
}

function foldersIn(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).filter((one) => one.isDirectory());
  } catch (error) {
    errnoOf(error);
    return [];
  }
}
