import { createHash } from 'node:crypto';
import { type Failure, failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { CHECKPOINT_SCHEMA_VERSION, type Checkpoint } from './checkpoint.ts';
import { parseEffort } from './parse-effort.ts';
import { PRODUCT, serialiseJson } from './report.ts';
import { parseStrictJson } from './strict-json.ts';

/** Depth that a checkpoint of ours never reaches. */
const MAX_DEPTH = 32;
/** What a message shows of a value that is not ours, in characters. */
const MAX_SHOWN = 40;

/**
 * Reads a checkpoint. Nothing is believed that is not whole: strict JSON, a version that is known, the exact
 * bytes that its content serialises to, its own digest, and the schema. Every refusal is one failure
 * `checkpoint_unreadable` (exit 1; spec section 6) whose message says which of these it was.
 */
export async function parseCheckpoint(bytes: Uint8Array, path: string): Promise<Result<Checkpoint, Failure>> {
  const refuse = (why: string, remedy = 'put back a good copy, or start a fresh run without --resume') =>
    fail(failure('checkpoint_unreadable', `${path}: ${why}`, { remedy: `it was left untouched: ${remedy}` }));
  if (bytes.length === 0) return refuse('the checkpoint is empty');
  const parsed = parseStrictJson(bytes, { maxDepth: MAX_DEPTH });
  if (!parsed.ok) return refuse(`the checkpoint is not valid JSON (${parsed.failure.problem})`);
  const versioned = versionProblem(parsed.value);
  if (versioned !== null) return refuse(versioned.problem, versioned.remedy);
  const { checkpointSchema } = await import('./checkpoint.schema.ts');
  const digest = digestProblem(parsed.value, bytes);
  if (digest !== null) return refuse(digest);
  const checked = checkpointSchema.safeParse(parsed.value, parseEffort(bytes.length));
  if (!checked.success) {
    const issue = checked.error.issues[0];
    return refuse(
      `the checkpoint does not fit its schema at ${issue?.path.join('.') || '.'}: ${issue?.message ?? ''}`,
    );
  }
  return ok(checked.data);
}

function versionProblem(value: unknown): { readonly problem: string; readonly remedy?: string } | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { problem: 'the checkpoint is not a JSON object' };
  }
  const { product, schema_version: version }: { product?: unknown; schema_version?: unknown } = value;
  if (product !== PRODUCT) return { problem: `this is not a checkpoint of ${PRODUCT}` };
  if (version !== CHECKPOINT_SCHEMA_VERSION) {
    const found = (JSON.stringify(version) ?? 'none').slice(0, MAX_SHOWN);
    return {
      problem: `unknown checkpoint version ${found}, this program reads ${CHECKPOINT_SCHEMA_VERSION}`,
      remedy: 'use the orchestrator that wrote it, or start a fresh run without --resume',
    };
  }
  return null;
}

function digestProblem(value: unknown, bytes: Uint8Array): string | null {
  if (typeof value !== 'object' || value === null) return 'the checkpoint is not a JSON object';
  const { digest, ...body }: { digest?: unknown } = value;
  if (typeof digest !== 'string') return 'the checkpoint has no digest';
  const expected = createHash('sha256').update(serialiseJson(body)).digest('hex');
  if (digest !== expected) return "the checkpoint's own digest does not match its content";
  if (!Buffer.from(serialiseJson({ ...body, digest })).equals(bytes)) {
    return 'the checkpoint is not in the exact form this program writes';
  }
  return null;
}
