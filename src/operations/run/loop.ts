import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  appendNotConfigured,
  appendSkipped,
  appendTransition,
  closeIntent,
  countedAttempt,
} from '../../core/document/append.ts';
import { applyState, breakOff } from '../../core/document/apply-state.ts';
import { type Failure, failure } from '../../core/failure.ts';
import type { Step } from '../../core/machine/advance.ts';
import type { Effect, RunOrder } from '../../core/machine/effect.ts';
import type { RunEvent } from '../../core/machine/event.ts';
import type { RunState } from '../../core/machine/state.ts';
import { transition } from '../../core/machine/transition.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import type { RunDocument } from '../../core/run-document.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { Mask } from '../../process/mask.ts';
import { timestamp } from '../../system/clock.ts';
import { closureProblems } from '../evidence/closure-problems.ts';
import { baselinesFor } from './attempt-artifacts.ts';
import { cancellationEvent } from './cancel.ts';
import { type RunContext, specOf } from './context.ts';
import { intendStep, performDeed } from './deeds.ts';
import { maskFailure } from './secrets.ts';

/** What one list of effects led to: the next event, the end, or a commit that could not be made. */
type Performed =
  | { readonly led: 'on'; readonly document: RunDocument; readonly event: RunEvent }
  | { readonly led: 'finished'; readonly document: RunDocument }
  | { readonly led: 'uncommitted'; readonly document: RunDocument; readonly failure: Failure };

/** How a run ended for this invocation. */
export interface LoopEnd {
  readonly document: RunDocument;
  /** Set when the last state could not be committed: it is then on no disk, and the exit code says so. */
  readonly uncommitted: Failure | null;
}

/**
 * The one loop: perform the effects the core orders, turn what happened into an event, let the core decide
 * again. What is believed is what was committed.
 */
export async function runLoop(context: RunContext, first: RunDocument, begun: Step): Promise<LoopEnd> {
  let document = first;
  let step = begun;
  for (;;) {
    const at = timestamp(context.ports.clock.now());
    const performed = await performAll(context, applyState(document, step.state, at), step.effects);
    document = performed.document;
    if (performed.led === 'finished') return { document, uncommitted: null };
    if (performed.led === 'uncommitted') return endBroken(context, document, performed.failure);
    const before = document.state;
    step = transition(context.machine, before, maskEvent(performed.event, context.mask));
    tellRemediation(context, before, step.state);
  }
}

/**
 * Evidence broke: what had not been committed has not happened, so the failure is told of the last committed
 * state, and a stage whose outcome is not on disk runs again. It is committed if that is still possible.
 */
export function endBroken(context: RunContext, document: RunDocument, cause: Failure): LoopEnd {
  const why = maskFailure(cause, context.mask);
  const now = context.ports.clock.now();
  const committedBefore = context.lastCommitted();
  const last = committedBefore ?? document;
  const base = closeIntent(last, { unixMs: now }, `the outcome could not be recorded: ${why.message}`);
  const broken = applyState(base, breakOff(base.state, why), timestamp(now));
  context.evidence.audit('run-broke', {
    reason: why.reason,
    message: why.message,
    ...(committedBefore === null ? {} : { after_seq: context.evidence.committedSeq() }),
  });
  const committed = context.commit(broken);
  return { document: broken, uncommitted: committed.ok ? null : why };
}

async function performAll(
  context: RunContext,
  first: RunDocument,
  effects: readonly Effect[],
): Promise<Performed> {
  let document = first;
  for (const [index, effect] of effects.entries()) {
    switch (effect.type) {
      case 'enter-stage':
        document = enterStage(context, document, effect.from, effect.to);
        break;
      case 'record-skipped':
        document = recordSkipped(context, document, effect.stages);
        break;
      case 'record-not-configured':
        document = appendNotConfigured(document, effect.stage, effect.attempt, nowOf(context));
        context.observeCommitted({ type: 'stage-not-configured', stage: effect.stage });
        break;
      case 'commit': {
        const next = effects[index + 1];
        if (next?.type === 'finish') auditEnd(context, document);
        else {
          const event = cancellationEvent(context, document);
          if (event !== null) return { led: 'on', document, event };
        }
        // Outside git there is no tree to take: nothing happens that a commit would have to stand before.
        if (next?.type === 'take-tree' && isOutsideGit(context)) break;
        if (next?.type === 'run') {
          const intended = await withIntent(context, document, next.order);
          if (!intended.ok) {
            return { led: 'on', document, event: { type: 'broke', failure: intended.failure } };
          }
          document = intended.value;
        }
        if (next?.type === 'deliver') {
          const intended = await intendStep(context, document, next.step);
          if (intended.event !== null)
            return { led: 'on', document: intended.document, event: intended.event };
          document = intended.document;
        }
        const ready = refuseContradictions(document);
        const committed = ready.ok ? context.commit(document) : ready;
        if (!committed.ok) return { led: 'uncommitted', document, failure: committed.failure };
        break;
      }
      case 'finish':
        return { led: 'finished', document };
      case 'write-context':
      case 'run':
      case 'read-admission':
      case 'take-tree':
      case 'compare-tree':
      case 'check-evidence':
      case 'read-diff-admission':
      case 'deliver':
      case 'read-gates':
        return { led: 'on', ...(await performDeed(context, document, effect)) };
      default:
        return unreachable(effect);
    }
  }
  throw new Error('a list of effects that brings no event and does not finish');
}

/** `done` is written only of a run whose own records say so too, whatever was made of an earlier checkpoint. */
function refuseContradictions(document: RunDocument): Result<void, Failure> {
  if (document.state.status !== 'done') return ok(undefined);
  const [problem] = closureProblems(document);
  if (problem === undefined) return ok(undefined);
  return fail(
    failure('evidence_tampered', `the run cannot be closed, its records contradict that: ${problem}`, {
      stage: document.state.progress.stage,
      remedy: 'start a fresh run without --resume',
    }),
  );
}

/** A cycle that has just begun, told with the commit that holds it. */
function tellRemediation(context: RunContext, before: RunState, after: RunState): void {
  if (before.status !== 'working' || after.status !== 'working') return;
  const { cycle, nextSteps } = after.progress;
  if (cycle === before.progress.cycle) return;
  context.observeCommitted({ type: 'remediation-asked', cycle, steps: nextSteps.length });
}

/** What an event says of a failure, as it may be kept. */
function maskEvent(event: RunEvent, mask: Mask): RunEvent {
  switch (event.type) {
    case 'interrupted':
    case 'broke':
      return { ...event, failure: maskFailure(event.failure, mask) };
    case 'command-ended':
      if (event.end.ended === 'success') return event;
      return { ...event, end: { ...event.end, failure: maskFailure(event.end.failure, mask) } };
    default:
      return event;
  }
}

function nowOf(context: RunContext) {
  return { unixMs: context.ports.clock.now() };
}

function enterStage(
  context: RunContext,
  document: RunDocument,
  from: string | null,
  to: string,
): RunDocument {
  context.evidence.audit('stage-entered', { from, to });
  context.observeCommitted({ type: 'stage-entered', stage: to });
  return appendTransition(document, from, to, nowOf(context));
}

function recordSkipped(context: RunContext, document: RunDocument, stages: readonly string[]): RunDocument {
  for (const stage of stages) {
    const { counts } = countedAttempt(document, stage);
    context.observeCommitted({ type: 'stage-skipped', stage, counts });
  }
  return appendSkipped(document, stages, nowOf(context));
}

/** The last record of an invocation: how the run stands with the commit that follows. */
function auditEnd(context: RunContext, document: RunDocument): void {
  context.evidence.audit('run-ended', {
    state: document.state.status,
    gate_decisions: document.gate_decisions,
    blocked_reason_codes: document.blocked_reason_codes,
    failure: document.failure,
  });
}

/** What an attempt will do, before it does it: on disk with the commit that follows. */
async function withIntent(
  context: RunContext,
  document: RunDocument,
  order: RunOrder,
): Promise<Result<RunDocument, Failure>> {
  const spec = specOf(context, document, order.run);
  const baselines = await baselinesFor(context, document, spec);
  if (!baselines.ok) return fail({ ...baselines.failure, stage: order.stage });
  const { stage, attempt, cycle } = order;
  const { step } = order.run;
  const command = context.mask.text(spec.bin);
  const args = spec.args.map(context.mask.text);
  context.evidence.audit('attempt-intended', { stage, step, attempt, cycle, command, args });
  const intent = { stage, step, attempt, cycle, command, started_at_unix_ms: context.ports.clock.now() };
  return ok({ ...document, baselines: baselines.value, intent });
}

/** As far as a look can tell: a repository that a stage has made just now is one to take a tree of. */
function isOutsideGit(context: RunContext): boolean {
  return context.workTree === null && !existsSync(join(context.plan.repoRoot, '.git'));
}
