import { PASS_STATUS } from '../../../core/gates/gate.ts';
import {
  blocking,
  type GateDetail,
  type GateDocument,
  type GateReading,
  noted,
} from '../../../core/gates/gate-document.ts';
import type { GateQuestion } from '../../../core/gates/gate-question.ts';
import { scopePlanOf } from '../../../core/gates/plan-of-settings.ts';
import type { RunDocument } from '../../../core/run-document.ts';
import { breachDetails } from '../../../core/scope/breach.ts';
import { judgeScope } from '../../../core/scope/judge-scope.ts';
import { judgePlan } from '../../../core/scope/planned-changes.ts';
import type { ScopeRules } from '../../../core/scope/scope-rules.ts';
import { compileScope } from '../../../formats/scope-globs.ts';
import { sha256 } from '../../../formats/sha256.ts';
import type { RunContext } from '../context.ts';
import type { JudgedChange } from './judged-change.ts';
import { planDeclaration } from './plan-declaration.ts';

/** What the scope guard is called among the sources of the policy gate. */
export const SCOPE_SOURCE = 'scope';

/** What was found, and everything that it was found in. */
interface Found {
  readonly details: readonly GateDetail[];
  readonly notEvaluated: readonly string[];
  /** null where there was nothing to judge. */
  readonly inputs: unknown;
}

/**
 * The built-in rules of the policy gate, before every other source: at admission of what the plan declares, at closure
 * of what was changed. null where there is nothing to judge and no scope demands it.
 */
export async function readScope(
  context: RunContext,
  document: RunDocument,
  question: GateQuestion,
  change: JudgedChange,
): Promise<GateReading | null> {
  const plan = scopePlanOf(context.plan.closure);
  const rules = plan === null ? null : await compileScope(plan);
  const found =
    question.moment === 'admission'
      ? await judgeDeclared(context, document, rules)
      : await judgeChanged(context, document, rules, change);
  return found === null ? null : { document: documentOf(question, found), waitsFor: null };
}

async function judgeDeclared(
  context: RunContext,
  document: RunDocument,
  rules: ScopeRules | null,
): Promise<Found | null> {
  const planned = await planDeclaration(context, document);
  if (!planned.ok) {
    // Without a scope nobody has asked for a declaration, and any document may have a word of that name.
    return rules === null ? null : { details: [malformed(planned.failure)], notEvaluated: [], inputs: null };
  }
  if (planned.value === null) {
    return rules === null ? null : { details: [DECLARES_NOTHING], notEvaluated: [], inputs: null };
  }
  const breaches = judgePlan(planned.value, rules);
  if (rules === null && breaches.length === 0) return null;
  return { details: breachDetails(breaches), notEvaluated: [], inputs: [planned.value, rules?.plan ?? null] };
}

/** Recorded, so that a declaration with a mistyped key does not pass for one. */
const DECLARES_NOTHING = noted(
  'plan_declares_nothing',
  null,
  'no plan says what will change: only the scope itself is held against the change',
);

function malformed(why: string): GateDetail {
  return blocking('plan_malformed', null, why, 'let the manager declare what its plan changes, or nothing');
}

async function judgeChanged(
  context: RunContext,
  document: RunDocument,
  rules: ScopeRules | null,
  judged: JudgedChange,
): Promise<Found | null> {
  const change = await judged.change();
  if (!change.ok) {
    const { message, remedy } = change.failure;
    return {
      details: [blocking('change_unreadable', null, message, remedy)],
      notEvaluated: [],
      inputs: null,
    };
  }
  if (change.value === null) {
    if (rules === null) return null;
    const needs = 'a scope needs a git work tree: without one nobody can tell what was changed';
    return { details: [blocking('change_unknown', null, needs)], notEvaluated: [], inputs: null };
  }
  const planned = rules === null ? null : await planDeclaration(context, document);
  const declared = planned?.ok === true ? planned.value : null;
  const breaches = judgeScope({ changes: change.value, rules, planned: declared });
  if (rules === null && breaches.length === 0) return null;
  const details = [
    ...(planned?.ok === false ? [malformed(planned.failure)] : []),
    ...(planned?.ok === true && planned.value === null ? [DECLARES_NOTHING] : []),
    ...breachDetails(breaches),
  ];
  return {
    details,
    notEvaluated: change.value.notLookedAt,
    inputs: [change.value, rules?.plan ?? null, declared],
  };
}

function documentOf(question: GateQuestion, found: Found): GateDocument {
  const passed = !found.details.some((detail) => detail.blocks);
  return {
    gate: 'policy',
    status: passed ? PASS_STATUS.policy : 'deny',
    passed,
    source: SCOPE_SOURCE,
    details: found.details,
    not_evaluated: found.notEvaluated,
    subject: question.subject,
    evaluated_at_unix_secs: question.nowSecs,
    inputs_digest: found.inputs === null ? null : sha256(JSON.stringify(found.inputs)),
  };
}
