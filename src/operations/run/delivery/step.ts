import type { DeliveryRecord } from '../../../core/delivery/delivery-record.ts';
import type { Failure } from '../../../core/failure.ts';
import type { DeliveryPlan } from '../../../core/gates/gate-plan.ts';
import { deliveryPlanOf } from '../../../core/gates/plan-of-settings.ts';
import type { Result } from '../../../core/result.ts';
import type { RunDocument } from '../../../core/run-document.ts';
import type { WorkTree } from '../../../git/work-tree.ts';
import type { RunContext } from '../context.ts';
import { gitScratch } from '../paths.ts';

/** What one step of a delivery has to go by. */
export interface DeliveryWork {
  readonly context: RunContext;
  readonly document: RunDocument;
  readonly plan: DeliveryPlan;
  readonly record: DeliveryRecord;
  readonly workTree: WorkTree;
}

/** A record with what was intended, or with what was done and seen. */
export type StepResult = Promise<Result<DeliveryRecord, Failure>>;

/** A delivery without a record, or outside git, was refused before the run began: to get here is a bug. */
export function workOf(context: RunContext, document: RunDocument): DeliveryWork {
  const plan = deliveryPlanOf(context.plan.closure);
  const { workTree } = context;
  const record = document.delivery;
  if (plan === null || record === null || workTree === null) throw new Error('no delivery was begun');
  return { context, document, plan, record, workTree };
}

/** What git calls of a delivery have in common. */
export function gitOptions(context: RunContext) {
  const { env } = context.ports;
  const scratch = gitScratch(context.paths);
  if (!scratch.ok) return scratch;
  const environment = { path: env.PATH ?? '', home: env.HOME ?? null, marks: context.marks };
  return { ok: true as const, value: { environment, scratch: scratch.value, signal: context.abort } };
}

/** What a record says of the remote, for one question. */
export async function remoteRequest({ context, record, plan, workTree }: DeliveryWork) {
  const options = gitOptions(context);
  if (!options.ok) return options;
  const { refuseAddress } = await import('../../../git/deliver/remote-url.ts');
  const fit = refuseAddress(record.remote_url, workTree);
  if (!fit.ok) return fit;
  const { transportOf } = await import('../../../git/transport.ts');
  const transport = transportOf(context.ports.env);
  const { branch } = plan;
  return {
    ok: true as const,
    value: { ...options.value, workTree, url: record.remote_url, branch, transport },
  };
}
