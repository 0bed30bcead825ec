import type { RunDocument } from '../core/run-document.ts';
import { serialiseJson } from './report.ts';
import { sha256 } from './sha256.ts';

/** The digest a run's configuration is known by in the report, the checkpoint and the audit log: lower-case hex. */
export function configDigest(config: RunDocument['config']): string {
  return sha256(serialiseJson(config));
}
