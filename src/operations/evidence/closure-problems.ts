import { deliveryProblems } from '../../core/delivery/delivery-problems.ts';
import { deliverySteps } from '../../core/delivery/delivery-step.ts';
import { allPassed } from '../../core/gates/decide-gates.ts';
import { deliveryPlanOf } from '../../core/gates/plan-of-settings.ts';
import {
  ORCHESTRATE,
  runsBinaries,
  stageIndex,
  stageNames,
  stageOfRole,
} from '../../core/machine/pipeline.ts';
import type { StageExecution } from '../../core/records.ts';
import type { RunDocument } from '../../core/run-document.ts';
import { ROLES } from '../../core/run-plan.ts';

/**
 * Why a document that says `done` cannot have come from a run that was closed; empty where it can. A digest
 * shows only that a document is whole: one that was written by hand is whole too, and is found here where it
 * contradicts itself (spec sections 3 and 6).
 */
export function closureProblems(document: RunDocument): string[] {
  return [
    ...stateProblems(document),
    ...gateProblems(document),
    ...transitionProblems(document),
    ...roleProblems(document),
    ...commandProblems(document),
    ...orderProblems(document),
    ...artifactProblems(document),
    ...treeProblems(document),
    ...deliveryProblemsOf(document),
  ];
}

function stateProblems(document: RunDocument): string[] {
  const { state } = document;
  if (state.status !== 'done') return [`the state is ${state.status}, not done`];
  const missing = stageNames(ORCHESTRATE).filter((stage) => !state.progress.completed.includes(stage));
  const last = document.invocations.at(-1);
  return [
    ...missing.map((stage) => `stage ${stage} is not completed`),
    ...when(
      state.progress.stage !== stageNames(ORCHESTRATE).at(-1),
      `it is in stage ${state.progress.stage}`,
    ),
    ...when(document.intent !== null, 'an attempt is still under way'),
    ...when(document.failure !== null, 'it holds a failure'),
    ...when(document.finished_at === null, 'it has no end'),
    ...when(last?.ended_by !== 'done' || last.ended_at === null, 'its last invocation did not end done'),
  ];
}

function gateProblems(document: RunDocument): string[] {
  const { state, policy_admission: admission } = document;
  const decided = state.status === 'done' ? state.decisions : [];
  const admitted = admission?.gate === 'policy' && admission.passed && admission.status === 'allow';
  return [
    ...when(!allPassed(document.gate_decisions), 'the three gates have not all passed, in order'),
    ...when(!same(decided, document.gate_decisions), 'its gate decisions are not those of its state'),
    ...when(document.blocked_reason_codes.length > 0, 'it holds blocked reason codes'),
    ...when(!admitted, 'the policy gate has not admitted it'),
  ];
}

/** Each entry follows the one before: one stage on, or back to an earlier one; the last enters closure. */
function transitionProblems(document: RunDocument): string[] {
  const names = stageNames(ORCHESTRATE);
  const { transitions } = document;
  const broken = transitions.findIndex((one, index) => {
    const before = transitions[index - 1]?.to_stage ?? null;
    if (one.run_id !== document.run_id || one.from_stage !== before) return true;
    const to = names.indexOf(one.to_stage);
    return to === -1 || to > (before === null ? 0 : names.indexOf(before) + 1);
  });
  return [
    ...when(broken !== -1, `transition ${broken + 1} does not follow from the one before it`),
    ...when(transitions.at(-1)?.to_stage !== names.at(-1), 'the last transition does not enter closure'),
  ];
}

function roleProblems(document: RunDocument): string[] {
  return ROLES.flatMap((role) => {
    if (document.config[role] === null) return [];
    return stepProblems(document, stageOfRole(ORCHESTRATE, role), role);
  });
}

function commandProblems(document: RunDocument): string[] {
  const found = document.config.validation_from_planning_context ? document.planning_context : null;
  const count = document.config.validation.length + (found?.commands.length ?? 0);
  const steps = Array.from({ length: count }, (_, index) => `command-${index + 1}`);
  return steps.flatMap((step) => stepProblems(document, 'validation', step));
}

/** What counts of a step is its last record, those that only say "skipped" left out. */
function stepProblems(document: RunDocument, stage: string, step: string): string[] {
  const counting = recordsOf(document, stage).findLast((one) => one.step === step);
  const where = `${step} in ${stage}`;
  if (counting === undefined) return [`${where} has no record`];
  if (counting.status !== 'success') return [`the last record of ${where} is ${counting.status}`];
  const latest = Math.max(...recordsOf(document, stage).map((one) => one.attempt));
  const clean =
    counting.exit_code === 0 &&
    counting.signal === null &&
    counting.missing_artifacts.length +
      counting.malformed_artifacts.length +
      counting.stale_artifacts.length ===
      0 &&
    (counting.process_tree?.survivors ?? 0) === 0;
  return [
    ...when(!clean, `the record of ${where} says success against what else it says`),
    ...when(counting.attempt !== latest, `${where} did not run in the last attempt of its stage`),
  ];
}

/** Each stage that runs binaries has come to its end after the one before it; so validation saw what closes. */
function orderProblems(document: RunDocument): string[] {
  const stages = ORCHESTRATE.stages.filter(runsBinaries).map((stage) => stage.name);
  const problems: string[] = [];
  let before = -1;
  for (const stage of stages) {
    const latest = Math.max(...recordsOf(document, stage).map((one) => one.attempt));
    const at = document.stage_executions.flatMap((one, index) =>
      one.stage === stage && one.status !== 'skipped' && one.attempt === latest ? [index] : [],
    );
    if (at.length === 0) problems.push(`stage ${stage} has no record`);
    else if (Math.min(...at) < before) problems.push(`stage ${stage} did not run after the stage before it`);
    before = Math.max(before, ...at);
  }
  return problems;
}

function artifactProblems(document: RunDocument): string[] {
  return ROLES.flatMap((role) => {
    const stage = stageOfRole(ORCHESTRATE, role);
    const counting = recordsOf(document, stage).findLast((one) => one.step === role);
    return (document.config[role]?.expected_artifacts ?? []).flatMap(({ path }) => {
      const left = counting?.artifacts.find((one) => one.path === path);
      const recorded = document.artifacts.find((one) => one.path === path);
      if (left === undefined || recorded === undefined) return [`artifact ${path} of ${stage} has no record`];
      return when(!same(left, recorded), `artifact ${path} is not the one that ${stage} left`);
    });
  });
}

function treeProblems(document: RunDocument): string[] {
  const { state, repo } = document;
  if (state.status !== 'done') return [];
  const { tree } = state.progress;
  if (tree === null) return ['no content tree was taken for validation'];
  return [
    ...when(
      tree.digest !== repo.tree_digest,
      'the content tree that was judged is not the one of its repository',
    ),
    ...when(repo.is_git !== (tree.digest !== null), 'it contradicts itself about the git work tree'),
  ];
}

function deliveryProblemsOf({ config, delivery, repo }: RunDocument): readonly string[] {
  return deliveryProblems(delivery, deliverySteps(deliveryPlanOf(config.closure)), repo.tree_digest);
}

function recordsOf(document: RunDocument, stage: string): readonly StageExecution[] {
  stageIndex(ORCHESTRATE, stage);
  return document.stage_executions.filter((one) => one.stage === stage && one.status !== 'skipped');
}

function when(problem: boolean, text: string): string[] {
  return problem ? [text] : [];
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
