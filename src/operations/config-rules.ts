import { type Failure, failure } from '../core/failure.ts';
import {
  type Given,
  type GivenPlan,
  type GivenRole,
  ROLES,
  type Role,
  type RunPlan,
} from '../core/run-plan.ts';
import { PATH_LIMIT, quote } from '../formats/printable.ts';
import { isInside } from '../formats/stored-path.ts';
import { evidencePaths } from '../store/layout.ts';
import { closureProblems, givenClosureProblems, settingProblems } from './closure-rules.ts';
import { hasSomethingToRun } from './given-plan.ts';

/** Where the run's own files will be; both absolute, `checkpointPath` null for the default. */
export interface EvidencePlace {
  readonly outDir: string;
  readonly checkpointPath: string | null;
}

/**
 * What only shows when everything given is seen together (spec section 1); one line each, the flag or key
 * first. On resume the rest of the plan is in the checkpoint, so that a part may stand alone.
 */
export function problemsOfGiven(
  given: GivenPlan,
  resume: boolean,
  evidence: EvidencePlace | null,
): readonly string[] {
  const together = [...artifactProblems(claimsOfGiven(given), evidence)];
  const closure = given.closure ?? {};
  return resume
    ? [...together, ...settingProblems(closure)]
    : [...roleProblems(given), ...together, ...freshProblems(given), ...givenClosureProblems(closure)];
}

/** What is wrong with a plan that a resume has put together from the checkpoint, or null. */
export function planFailure(plan: RunPlan, evidence: EvidencePlace): Failure | null {
  if (plan.validationFromPlanningContext && plan.planningContextArtifact === null) {
    return failure('usage', NO_CONTEXT('--validation-from-planning-context'));
  }
  const agent = agentFailure(plan);
  if (agent !== null) return agent;
  const [problem] = closureProblems(plan.closure);
  return problem === undefined ? artifactFailure(plan, evidence) : failure('usage', problem);
}

/** An agent that came by a resume has what a fresh run would have asked for. */
function agentFailure(plan: RunPlan): Failure | null {
  for (const role of ROLES) {
    const one = plan.roles[role];
    if (one === null) continue;
    const origin = `--${role}-agent`;
    if (one.agent !== null && one.prompt === null) {
      return failure('usage', noPrompt({ value: one.agent, origin }, role));
    }
    if (role === 'reviewer' && one.agent !== null && !one.expectedArtifacts.some(isReport)) {
      return failure('usage', noReviewReport(origin));
    }
    const limited = one.maxCostUsd !== null || one.maxTokens !== null || one.maxTurns !== null;
    if (one.agent === null && (limited || one.prompt !== null || one.model !== null)) {
      return failure(
        'usage',
        `${role}: expected ${origin} with a prompt, a model or a limit of use, got none`,
      );
    }
  }
  return null;
}

/** The same artifact rules for a whole plan, for a resume that has put one together from the checkpoint. */
export function artifactFailure(plan: RunPlan, evidence: EvidencePlace): Failure | null {
  const [problem] = artifactProblems(claimsOfPlan(plan), evidence);
  return problem === undefined ? null : failure('usage', problem);
}

const NO_CONTEXT = (origin: string) => `${origin}: expected --planning-context-artifact as well, got none`;

function roleProblems(given: GivenPlan): readonly string[] {
  return ROLES.flatMap((role) => {
    const one = given.roles[role];
    if (one.agent !== undefined) {
      if (one.prompt === undefined) return [noPrompt(one.agent, role)];
      const expected = one.expectedArtifacts?.value ?? [];
      return role === 'reviewer' && !expected.some(isReport) ? [noReviewReport(one.agent.origin)] : [];
    }
    const [needsAgent] = agentOriginsOf(one);
    if (needsAgent !== undefined) return [`${needsAgent}: expected --${role}-agent as well, got none`];
    if (one.bin !== undefined) return [];
    const [alone] = originsOf(one);
    return alone === undefined ? [] : [`${alone}: expected --${role}-bin as well, got none`];
  });
}

/** That an agent came to its end is no verdict: only what it writes is one. */
function noReviewReport(origin: string): string {
  return `${origin}: expected --reviewer-expected-artifact REPORT.json as well, got none: the exit code of an agent is no verdict`;
}

function isReport({ path }: { readonly path: string }): boolean {
  return path.toLowerCase().endsWith('.json');
}

function noPrompt(agent: Given<unknown>, role: Role): string {
  return `${agent.origin}: expected --${role}-prompt or --${role}-prompt-file as well, got none`;
}

/** What means nothing without an agent. */
function agentOriginsOf(role: GivenRole): readonly string[] {
  const { prompt, model, maxCostUsd, maxTokens, maxTurns } = role;
  return [prompt, model, maxCostUsd, maxTokens, maxTurns].flatMap((one) =>
    one === undefined ? [] : [one.origin],
  );
}

function originsOf(role: GivenRole): readonly string[] {
  const fields: readonly (Given<unknown> | undefined)[] = [
    role.args,
    role.env,
    role.expectedArtifacts,
    role.timeoutMs,
    role.sandbox,
    role.sandboxNetwork,
  ];
  return fields.flatMap((one) => (one === undefined ? [] : [one.origin]));
}

function freshProblems(given: GivenPlan): readonly string[] {
  if (given.validationFromPlanningContext?.value === true && given.planningContextArtifact === undefined) {
    const { origin } = given.validationFromPlanningContext;
    return [NO_CONTEXT(origin)];
  }
  if (hasSomethingToRun(given)) return [];
  return [
    'nothing to run: expected at least one of --manager-bin, --executor-bin, --reviewer-bin or --validation-bin, or --resume',
  ];
}

/** One path that something will write: `whose` says what, in the words of a message. */
interface Claim {
  readonly path: string;
  readonly whose: string;
  readonly origin: string;
}

function claimsOfGiven(given: GivenPlan): readonly Claim[] {
  const context = given.planningContextArtifact;
  return [
    ...(typeof context?.value === 'string' ? [contextClaim(context.value, context.origin)] : []),
    ...ROLES.flatMap((role) => {
      const artifacts = given.roles[role].expectedArtifacts;
      return (artifacts?.value ?? []).map(({ path }) => artifactClaim(role, path, artifacts?.origin ?? ''));
    }),
  ];
}

function claimsOfPlan(plan: RunPlan): readonly Claim[] {
  const context = plan.planningContextArtifact;
  return [
    ...(context === null ? [] : [contextClaim(context, '--planning-context-artifact')]),
    ...ROLES.flatMap((role) =>
      (plan.roles[role]?.expectedArtifacts ?? []).map(({ path }) =>
        artifactClaim(role, path, `--${role}-expected-artifact`),
      ),
    ),
  ];
}

function contextClaim(path: string, origin: string): Claim {
  return { path, origin, whose: 'the planning context' };
}

function artifactClaim(role: Role, path: string, origin: string): Claim {
  return { path, origin, whose: `an artifact of the ${role}` };
}

function artifactProblems(claims: readonly Claim[], evidence: EvidencePlace | null): readonly string[] {
  const first = new Map<string, Claim>();
  return claims.flatMap((claim) => {
    const other = first.get(claim.path);
    if (other === undefined) first.set(claim.path, claim);
    const taken = other?.whose ?? ownFile(claim.path, evidence);
    return taken === null
      ? []
      : [
          `${claim.origin}: expected a path of its own, got ${quote(claim.path, PATH_LIMIT)}, which is ${taken}`,
        ];
  });
}

/** What of the orchestrator's own a path is or lies in, null where it is free. */
function ownFile(path: string, evidence: EvidencePlace | null): string | null {
  if (evidence === null) return null;
  const paths = evidencePaths(evidence.outDir, evidence.checkpointPath);
  if (path === paths.outDir) return 'the out_dir itself';
  const files = [paths.checkpoint, paths.report, paths.audit, paths.statements, paths.link];
  const folders = [paths.logs, paths.artifacts, paths.superseded, paths.attempts, paths.lock];
  const own = files.includes(path) || folders.some((folder) => isInside(folder, path));
  return own ? "one of the orchestrator's own files" : null;
}
