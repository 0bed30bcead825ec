import { blocking, type GateDetail, type GateReading } from '../../core/gates/gate-document.ts';
import type { PolicyDecision } from '../../formats/policy-decision.schema.ts';
import { serialisePolicyInput } from '../../formats/policy-input.ts';
import { sha256 } from '../../formats/sha256.ts';
import type { PolicyQuestion } from './policy-question.ts';

/** What an engine made of a policy: a decision, or none; and what is to be recorded beside it. */
export interface PolicyOutcome {
  readonly decision: PolicyDecision | null;
  readonly details: readonly GateDetail[];
  readonly notEvaluated: readonly string[];
  /** `folderDigest` of the policy; null where there was none. */
  readonly policyDigest: string | null;
}

/** An outcome without a decision. */
export function noDecision(detail: GateDetail, policyDigest: string | null = null): PolicyOutcome {
  return { decision: null, details: [detail], notEvaluated: [], policyDigest };
}

/**
 * The gate document of an outcome. It passes only with a decision that allows, that denies nothing, that enough rules
 * were evaluated for, and with nothing else that blocks (spec/gates.md section 4).
 */
export function policyReading(asked: PolicyQuestion, outcome: PolicyOutcome, minRules: number): GateReading {
  const { question, source, input } = asked;
  const { decision } = outcome;
  const details = [
    ...outcome.details,
    ...(decision === null ? [] : judgeDecision(decision, Math.max(1, minRules))),
  ];
  const blocked = details.some((detail) => detail.blocks);
  const passed = decision !== null && decision.allow === true && !blocked;
  const digest = outcome.policyDigest;
  return {
    document: {
      gate: question.gate,
      status: passed ? 'allow' : decision === null ? 'unknown' : 'deny',
      passed,
      source: source.text,
      details,
      not_evaluated: outcome.notEvaluated,
      subject: question.subject,
      evaluated_at_unix_secs: question.nowSecs,
      inputs_digest: digest === null ? null : sha256(`${digest}\n${serialisePolicyInput(input)}`),
    },
    waitsFor: null,
  };
}

function judgeDecision(decision: PolicyDecision, minRules: number): GateDetail[] {
  const { allow, deny, policy_version: version, rules_evaluated: rules } = decision;
  const found = deny.map(({ code, msg }) => blocking('policy_denied', code, msg));
  if (rules === 0) {
    found.push(
      blocking('policy_no_rules', version, 'expected at least one rule to be evaluated, got none', REMEDY),
    );
  } else if (rules < minRules) {
    const message = `expected at least ${minRules} rules to be evaluated, got ${rules}`;
    found.push(blocking('policy_too_few_rules', version, message, REMEDY));
  }
  if (!allow && found.length === 0) {
    found.push(blocking('policy_denied', version, 'the policy does not allow it, and gives no reason'));
  }
  return found;
}

const REMEDY = 'is it the right folder, and are its rules where the engine looks for them?';
