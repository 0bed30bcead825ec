import { dirname, join } from 'node:path';
import type { Failure } from '../../core/failure.ts';
import type { RunOrder } from '../../core/machine/effect.ts';
import type { ArtifactRecord } from '../../core/records.ts';
import { ok, type Result } from '../../core/result.ts';
import type { Baseline, RunDocument } from '../../core/run-document.ts';
import type { ArtifactPlan } from '../../core/run-plan.ts';
import { isInside, storePath } from '../../formats/stored-path.ts';
import { digestOfFile, putBack, type SetAside, setAside } from '../../store/artifacts/freshness.ts';
import { keepCopy } from '../../store/artifacts/keep-copy.ts';
import { readArtifact } from '../../store/artifacts/read-artifact.ts';
import { safeSegment } from '../../store/layout.ts';
import { realOrSame } from '../../store/real-path.ts';
import type { RunContext, RunSpec } from './context.ts';
import { gitScratch } from './paths.ts';
import type { AttemptFolder } from './sandbox/attempt-folder.ts';

/** What an attempt left, as far as it was asked for. Paths are stored ones. */
export interface AttemptArtifacts {
  readonly records: readonly ArtifactRecord[];
  readonly missing: readonly string[];
  readonly malformed: readonly { readonly path: string; readonly problem: string }[];
  readonly stale: readonly string[];
}

/**
 * Before the intent of an attempt is committed (spec section 4, "made by this attempt"): of an expected artifact
 * that git tracks it is remembered what it was before the stage first ran in this run.
 */
export async function baselinesFor(
  context: RunContext,
  document: RunDocument,
  spec: RunSpec,
): Promise<Result<readonly Baseline[], Failure>> {
  const { baselines } = document;
  const paths = spec.expectedArtifacts.map((one) => one.path);
  if (paths.length === 0 || context.plan.allowStaleArtifacts) return ok(baselines);
  const tracked = await trackedAmong(context, paths);
  if (!tracked.ok) return tracked;
  const known = new Set(baselines.map((one) => one.path));
  const added = [...tracked.value]
    // Through a link, as the artifact will be read: a tracked link to an old file makes nothing new.
    .map((path) => ({ path: storePath(path, context.roots), sha256: digestOfFile(realOrSame(path)) }))
    .filter((one) => !known.has(one.path));
  return ok([...baselines, ...added]);
}

/** Before an attempt: an untracked file in the place of an expected artifact is set aside; tracked ones stay. */
export function setAsideArtifacts(
  context: RunContext,
  document: RunDocument,
  order: RunOrder,
  spec: RunSpec,
): Result<readonly SetAside[], Failure> {
  if (context.plan.allowStaleArtifacts) return ok([]);
  const tracked = new Set(document.baselines.map((one) => one.path));
  const attempt = safeSegment(`${order.stage}.${order.attempt}`);
  const folder = join(context.paths.superseded, safeSegment(document.run_id), attempt);
  const aside: SetAside[] = [];
  for (const { path } of spec.expectedArtifacts) {
    if (tracked.has(storePath(path, context.roots)) || leadsAway(context, path)) continue;
    const moved = setAside(path, folder, context.paths.outDir);
    if (!moved.ok) return moved;
    if (moved.value !== null) aside.push(moved.value);
  }
  return ok(aside);
}

/**
 * Whether the folder of an artifact has become a link out of where artifacts may be: what is found there is not read as
 * one either, and is somebody else's to move.
 */
function leadsAway({ roots }: RunContext, path: string): boolean {
  const folder = dirname(path);
  const real = realOrSame(folder);
  if (real === folder) return false;
  if (isInside(roots.outDir, real)) return !isInside(roots.outDir, path);
  return !isInside(roots.repoRoot, real);
}

async function trackedAmong(
  context: RunContext,
  paths: readonly string[],
): Promise<Result<ReadonlySet<string>, Failure>> {
  const { workTree, ports } = context;
  const inRepo = paths.filter((path) => isInside(context.roots.repoRoot, path));
  const candidates = inRepo.filter((path) => !isInside(context.paths.outDir, path));
  if (workTree === null || candidates.length === 0) return ok(new Set());
  const scratch = gitScratch(context.paths);
  if (!scratch.ok) return scratch;
  const { trackedPaths } = await import('../../git/tracked-paths.ts');
  return trackedPaths({
    paths: candidates,
    environment: { path: ports.env.PATH ?? '', home: ports.env.HOME ?? null },
    scratch: scratch.value,
    signal: context.abort,
  });
}

/** After an attempt: reads, judges and copies what it left; puts back what it left nothing in the place of. */
export async function collectArtifacts(
  context: RunContext,
  order: RunOrder,
  spec: RunSpec,
  before: {
    readonly baselines: readonly Baseline[];
    readonly aside: readonly SetAside[];
    /** What stood in out_dir's place while the attempt ran; null without a sandbox. */
    readonly attemptFolder: AttemptFolder | null;
  },
): Promise<Result<AttemptArtifacts, Failure>> {
  const records: ArtifactRecord[] = [];
  const missing: string[] = [];
  const malformed: { path: string; problem: string }[] = [];
  const stale: string[] = [];
  for (const plan of spec.expectedArtifacts) {
    const stored = storePath(plan.path, context.roots);
    const read = await readAndCheck(context, plan, before.attemptFolder);
    if (read.kind === 'missing') (wasSetAside(before.aside, plan.path) ? stale : missing).push(stored);
    else if (read.kind === 'malformed') malformed.push({ path: stored, problem: read.problem });
    else if (isStale(context, before.baselines, stored, read.sha256)) stale.push(stored);
    else {
      const copy = keepCopy(context.paths, read, () => context.ports.random(8));
      if (!copy.ok) return copy;
      const published = before.attemptFolder?.publish(plan.path, read.bytes) ?? ok(undefined);
      if (!published.ok) return published;
      records.push(recordOf(order, { stored, plan, context, read, copy: copy.value }));
    }
  }
  const back = putBackAll(before.aside);
  return back.ok ? ok({ records, missing, malformed, stale }) : back;
}

/** Puts back what was set aside and has nothing in its place; the first that cannot be put back is the failure. */
export function putBackAll(aside: readonly SetAside[]): Result<void, Failure> {
  const failed = aside.map(putBack).find((one) => !one.ok);
  return failed ?? ok(undefined);
}

async function readAndCheck(context: RunContext, plan: ArtifactPlan, folder: AttemptFolder | null) {
  const read = readArtifact(folder?.locate(plan.path) ?? plan.path, {
    roots: [folder?.path ?? context.paths.outDir, context.roots.repoRoot],
    maxBytes: context.plan.maxArtifactBytes,
    shows: folder?.shows ?? null,
  });
  if (read.kind !== 'present' || plan.schema === null) return read;
  const schema = context.schemas.get(plan.schema);
  if (schema === undefined) throw new Error(`the schema ${plan.schema} was not read`);
  const { checkAgainstSchema } = await import('./artifact-schema.ts');
  const problem = checkAgainstSchema(read.bytes, schema);
  return problem === null ? read : { kind: 'malformed' as const, problem };
}

/** Something was there and the attempt left nothing in its place: what is put back is not of this attempt. */
function wasSetAside(aside: readonly SetAside[], path: string): boolean {
  return aside.some((one) => one.path === path);
}

function isStale(
  context: RunContext,
  baselines: readonly Baseline[],
  stored: string,
  sha256: string,
): boolean {
  if (context.plan.allowStaleArtifacts) return false;
  return baselines.find((one) => one.path === stored)?.sha256 === sha256;
}

function recordOf(
  order: RunOrder,
  what: {
    readonly stored: string;
    readonly plan: ArtifactPlan;
    readonly context: RunContext;
    readonly read: { readonly bytes: Buffer; readonly sha256: string };
    readonly copy: string;
  },
): ArtifactRecord {
  return {
    path: what.stored,
    sha256: what.read.sha256,
    bytes: what.read.bytes.length,
    stage: order.stage,
    step: order.run.step,
    attempt: order.attempt,
    copy: what.copy,
    schema: what.plan.schema === null ? null : storePath(what.plan.schema, what.context.roots),
  };
}
