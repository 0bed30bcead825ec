import type { CedarValueJson } from '@cedar-policy/cedar-wasm/web';
import type { GateCode } from '../../core/gates/gate-codes.ts';
import { blocking, type GateDetail } from '../../core/gates/gate-document.ts';
import type { PolicyDecision } from '../../formats/policy-decision.schema.ts';
import type { PolicyInput } from '../../formats/policy-input.ts';
import type { CedarAnswer, CedarEngine, CedarRequest } from './engine.ts';
import { changeOf, contextOf, pathsOf, runOf } from './entities.ts';
import type { CedarPolicies } from './policy-set.ts';

/** Denials that are told one by one. */
const TOLD = 100;

export interface Evaluation {
  readonly engine: CedarEngine;
  readonly policies: CedarPolicies;
  readonly input: PolicyInput;
  readonly version: string;
  /** Whether the time for a decision is over; asked between two questions, each of which takes far below 1 ms. */
  readonly isOver: () => boolean;
}

/** What came of it: a decision, or what kept Cedar from making one. */
export type Evaluated =
  | { readonly decision: PolicyDecision; readonly details: readonly GateDetail[] }
  | { readonly decision: null; readonly details: readonly [GateDetail] };

/**
 * Asks Cedar whether the run may go on (`admit` or `close` on the change) and, path by path, whether each may be
 * changed (`change`). All must be allowed: forbid wins, and what nothing permits is denied. An error in one policy
 * blocks, though Cedar would only leave that policy out.
 */
export function evaluate(evaluation: Evaluation): Evaluated {
  const { policies, input, version } = evaluation;
  const denials: PolicyDecision['deny'] = [];
  const errors = new Map<string, string>();
  for (const request of requestsOf(input)) {
    if (evaluation.isOver()) return none('policy_timeout', 'expected a decision within its time limit');
    const entities = [...request.entities, ...policies.entities];
    const answer = evaluation.engine.decide(policies.set, { ...request, entities });
    if (!answer.ok) return none('policy_error', `${aboutOf(request)}: ${answer.failure}`);
    denials.push(...denialsOf(request, answer.value, policies));
    for (const { policy, message } of answer.value.errors) errors.set(policy, message);
  }
  const deny = denials.slice(0, TOLD);
  if (denials.length > TOLD) deny.push({ code: 'more', msg: `and ${denials.length - TOLD} more denials` });
  return {
    decision: {
      allow: denials.length === 0,
      deny,
      policy_version: version,
      rules_evaluated: policies.count,
    },
    details: [...errors]
      .slice(0, TOLD)
      .map(([policy, message]) => blocking('policy_error', policy.slice(0, 200), message)),
  };
}

function none(code: GateCode, message: string): Evaluated {
  return { decision: null, details: [blocking(code, null, message)] };
}

function* requestsOf(input: PolicyInput): Generator<CedarRequest> {
  const principal = runOf(input);
  const run = { uid: principal, attrs: {}, parents: [] };
  const context: Record<string, CedarValueJson> = contextOf(input);
  const paths = pathsOf(input);
  const change = changeOf(input);
  yield {
    action: input.moment === 'admission' ? 'admit' : 'close',
    principal,
    resource: change,
    context,
    entities: [
      run,
      { uid: change, attrs: { paths: [...new Set(paths.map(({ path }) => path))] }, parents: [] },
    ],
  };
  for (const { path, entity } of paths) {
    const resource = { type: 'Orchestrator::Path', id: path };
    yield { action: 'change', principal, resource, context, entities: [run, entity] };
  }
}

function denialsOf(
  request: CedarRequest,
  answer: CedarAnswer,
  policies: CedarPolicies,
): PolicyDecision['deny'] {
  if (answer.decision === 'allow') return [];
  const about = aboutOf(request);
  if (answer.reasons.length === 0) return [{ code: 'not_permitted', msg: `no policy permits ${about}` }];
  return answer.reasons.map((id) => {
    const said = policies.annotations.get(id) ?? {};
    const code = (said.code ?? id).slice(0, 200);
    return { code, msg: `${about}: ${said.message ?? `forbidden by ${id}`}`.slice(0, 2_000) };
  });
}

function aboutOf({ action, resource }: CedarRequest): string {
  return `${action} ${resource.id.slice(0, 1_000)}`;
}
