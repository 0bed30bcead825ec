import type { Failure } from '../../core/failure.ts';
import type { Machine } from '../../core/machine/advance.ts';
import type { Observation, Observe } from '../../core/observation.ts';
import { ok, type Result } from '../../core/result.ts';
import type { RunDocument } from '../../core/run-document.ts';
import type { RunPlan, RunRequest } from '../../core/run-plan.ts';
import { configDigest } from '../../formats/config-digest.ts';
import { buildReport } from '../../formats/report.ts';
import type { StateKey } from '../../formats/state-key.ts';
import { createSweepMemory } from '../../process/sweep-memory.ts';
import { createAuditLog } from '../../store/audit-log.ts';
import { openEvidence } from '../../store/evidence.ts';
import { readSchemas } from './artifact-schemas.ts';
import { type Commit, createCommit, type Reopening } from './commit.ts';
import type { RunContext } from './context.ts';
import type { HeldGround } from './hold-ground.ts';
import { gitScratch, ownFiles } from './paths.ts';
import type { RunPorts } from './ports.ts';
import type { SandboxHere } from './sandbox/prepare-sandbox.ts';
import type { Secrecy } from './secrets.ts';
import { createTreeWatch } from './tree-watch.ts';
import type { Watch } from './watch.ts';

/** Everything that a context is made of. */
export interface ContextParts {
  readonly request: RunRequest;
  readonly ports: RunPorts;
  readonly plan: RunPlan;
  readonly machine: Machine;
  readonly secrecy: Secrecy;
  readonly stateKey: StateKey | null;
  readonly held: HeldGround;
  readonly sandbox: SandboxHere;
  readonly watch: Watch;
  /** What is on disk already and was verified; null and empty for a fresh run. */
  readonly believed: Buffer | null;
  readonly auditBytes: Buffer;
  readonly sequence: number;
  /** The audit record that the believed checkpoint names. */
  readonly committedSeq: number;
  readonly reopening: Reopening | null;
  readonly startedMonotonic: number;
  /** Records of attempts in the document that the run goes on from. */
  readonly earlierAttempts: number;
}

/** Puts the context together; without a reaper nothing is started. */
export async function openContext(parts: ContextParts): Promise<Result<RunContext, Failure>> {
  const { ports, plan, held, secrecy } = parts;
  const schemas = readSchemas(plan);
  if (!schemas.ok) return schemas;
  const reaper = await parts.watch.reaper();
  if (!reaper.ok) return reaper;
  const { paths, lock, ground } = held;
  const { stateKey, sequence, reopening } = parts;
  const random = () => ports.random(8);
  const evidence = openEvidence({
    paths,
    log: createAuditLog({
      file: paths.audit,
      existing: parts.auditBytes,
      clock: ports.clock.now,
      mac: stateKey?.auditRecord ?? null,
    }),
    believed: parts.believed,
    commits: stateKey === null ? null : sequence,
    committedSeq: parts.committedSeq,
    random,
    fence: lock.fence,
  });
  const { version } = ports;
  const { generation } = lock;
  return ok({
    ports,
    request: parts.request,
    plan,
    machine: parts.machine,
    paths,
    roots: { outDir: paths.outDir, repoRoot: plan.repoRoot },
    workTree: ground.workTree,
    evidence,
    ...acknowledging(
      createCommit({ evidence, version, generation, sequence, reopening, stateKey }),
      ports.observe,
    ),
    mask: secrecy.mask,
    secrecy,
    digests: { digests: new Map(), now: ports.clock.now },
    cookie: parts.watch.cookie,
    reaper: reaper.value,
    sandbox: parts.sandbox,
    sweepMemory: createSweepMemory(ports.clock),
    githubMemory: once(async () => (await import('../../gates/github/memory.ts')).newGithubMemory()),
    gitlabMemory: once(async () => (await import('../../gates/gitlab/memory.ts')).newGitlabMemory()),
    treeWatch: createTreeWatch({
      root: plan.repoRoot,
      workTree: ground.workTree,
      excludes: ownFiles(paths, plan),
      ignoreGlobs: plan.treeIgnore,
      env: ports.env,
      marks: parts.watch.marks,
      scratch: () => gitScratch(paths),
      artifacts: paths.artifacts,
      outDir: paths.outDir,
      random,
      now: ports.clock.now,
      signal: parts.watch.abort,
    }),
    marks: parts.watch.marks,
    abort: parts.watch.abort,
    schemas: schemas.value,
    startedMonotonic: parts.startedMonotonic,
    earlierAttempts: parts.earlierAttempts,
    watchesOutput: ports.watchesOutput,
    reportOf: (document: RunDocument) =>
      buildReport(document, {
        version,
        configDigest: configDigest(document.config),
        auditHead: evidence.head(),
        stateKeyId: stateKey?.id ?? null,
      }),
  });
}

/** Made by the first who asks. */
function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

/** Keeps back what happened until the commit that holds it; what could not be committed is never told. */
function acknowledging(
  commit: Commit,
  observe: Observe,
): Pick<RunContext, 'commit' | 'lastCommitted' | 'observeCommitted'> {
  let pending: Observation[] = [];
  let last: RunDocument | null = null;
  return {
    lastCommitted: () => last,
    observeCommitted: (observation) => void pending.push(observation),
    commit: (document) => {
      const committed = commit(document);
      const told = pending;
      // Of a commit that has failed, too: the next one is of an earlier document, which does not hold them.
      pending = [];
      if (!committed.ok) return committed;
      last = document;
      for (const observation of told) observe(observation);
      return committed;
    },
  };
}
