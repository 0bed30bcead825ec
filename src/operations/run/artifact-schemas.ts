import { realpathSync } from 'node:fs';
import { type Failure, failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { ROLES, type RunPlan } from '../../core/run-plan.ts';
import { describeErrno, errnoOf } from '../../store/io-failure.ts';
import { type FoundFile, readRegularFile } from '../../store/read-regular-file.ts';

/** The text of each JSON Schema that the config file binds to an artifact, by its absolute path. */
export type ArtifactSchemas = ReadonlyMap<string, Buffer>;

/** A schema that people write stays far below, in bytes. */
const MAX_SCHEMA_BYTES = 16 * 1024 * 1024;

/** Reads every schema of the plan; `precondition` (exit 2) for the first that cannot be read. */
export function readSchemas(plan: RunPlan): Result<ArtifactSchemas, Failure> {
  const schemas = new Map<string, Buffer>();
  for (const path of pathsOf(plan)) {
    const found = readThroughLinks(path);
    if (found.kind !== 'bytes') return fail(unusable(path, found));
    schemas.set(path, found.bytes);
  }
  return ok(schemas);
}

function pathsOf(plan: RunPlan): readonly string[] {
  const artifacts = ROLES.flatMap((role) => plan.roles[role]?.expectedArtifacts ?? []);
  return artifacts.flatMap(({ schema }) => (schema === null ? [] : [schema]));
}

function readThroughLinks(path: string): FoundFile {
  try {
    return readRegularFile(realpathSync.native(path), MAX_SCHEMA_BYTES);
  } catch (error) {
    return { kind: 'unreadable', problem: describeErrno(errnoOf(error)), denied: false };
  }
}

function unusable(path: string, found: Exclude<FoundFile, { kind: 'bytes' }>): Failure {
  const got = found.kind === 'unreadable' ? found.problem : `it is ${found.kind}`;
  return failure('precondition', `artifact schema ${path}: expected a JSON Schema file, got none: ${got}`, {
    remedy: 'correct the schema path in the config file',
  });
}
