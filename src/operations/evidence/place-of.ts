import { existsSync } from 'node:fs';
import { type EvidencePlace, placeSeenFrom } from '../../render/evidence-place.ts';
import { evidencePaths } from '../../store/layout.ts';
import { realOrSame } from '../../store/real-path.ts';
import type { EvidenceRequest } from '../examine-evidence.ts';

/** What stands for a key that a reader of evidence does not know. */
const SOME_KEY = ['--sign-key', 'KEY.pem'] as const;

/** The place of evidence as somebody types it who stands in `cwd`; a signed run goes on with its key only. */
export function placeOf(cwd: string, request: EvidenceRequest): EvidencePlace {
  const { outDir, checkpointPath, stateKey = null } = request;
  const place = placeSeenFrom(cwd, { outDir, checkpointPath, stateKey });
  const { statements } = evidencePaths(realOrSame(request.outDir), request.checkpointPath);
  return existsSync(statements) ? { ...place, signKey: SOME_KEY } : place;
}
