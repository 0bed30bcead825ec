import { type DeliveryStep, deliverySteps } from '../delivery/delivery-step.ts';
import type { GateName } from '../gates/gate.ts';
import { deliveryPlanOf } from '../gates/plan-of-settings.ts';
import type { Role, RunPlan } from '../run-plan.ts';
import { unreachable } from '../unreachable.ts';
import type { StageDefinition, TaskDefinition } from './pipeline.ts';

/** The part of a plan that the machine's path depends on. */
export interface MachineSettings {
  readonly roles: readonly Role[];
  readonly planningContext: boolean;
  /** The operator's native validation commands. */
  readonly commands: number;
  readonly commandsFromContext: boolean;
  readonly executionMaxIterations: number;
  readonly remediationMaxCycles: number;
  /** What is delivered before the gates are decided; empty where nothing is. */
  readonly delivery: readonly DeliveryStep[];
  readonly simulateBlocked: boolean;
}

/** A task bound to the settings: one thing for the driver to do. */
export type Task =
  | { readonly do: 'write-context' }
  | { readonly do: 'admit'; readonly gate: GateName }
  | { readonly do: 'run'; readonly run: Run }
  | { readonly do: 'take-tree' }
  | { readonly do: 'check-evidence' }
  | { readonly do: 'compare-tree' }
  | { readonly do: 'admit-diff' }
  | { readonly do: 'deliver'; readonly step: DeliveryStep }
  | { readonly do: 'decide-gates' };

/** Which binary: a role's, or the n-th native validation command (operator's first, then the context's). */
export interface Run {
  readonly step: string;
  readonly role: Role | null;
  readonly command: number | null;
  /** Attempts that this invocation may charge to it. */
  readonly budget: number;
}

/** Derives the machine's settings from a plan. */
export function machineSettings(plan: RunPlan, simulateBlocked: boolean): MachineSettings {
  return {
    roles: (['manager', 'executor', 'reviewer'] as const).filter((role) => plan.roles[role] !== null),
    planningContext: plan.planningContextArtifact !== null,
    commands: plan.validation.length,
    commandsFromContext: plan.validationFromPlanningContext,
    executionMaxIterations: plan.executionMaxIterations,
    remediationMaxCycles: plan.remediationMaxCycles,
    delivery: deliverySteps(deliveryPlanOf(plan.closure)),
    simulateBlocked,
  };
}

/** The stage's tasks in order; `contextCommands` is how many the planning context added. */
export function tasksOf(
  stage: StageDefinition,
  settings: MachineSettings,
  contextCommands: number,
): readonly Task[] {
  return stage.tasks.flatMap((definition) => {
    const tasks = bind(definition, settings, contextCommands);
    return stage.keepsTree ? tasks.flatMap(followedByComparison) : tasks;
  });
}

function bind(
  definition: TaskDefinition,
  settings: MachineSettings,
  contextCommands: number,
): readonly Task[] {
  switch (definition.do) {
    case 'write-context':
      return settings.planningContext ? [{ do: 'write-context' }] : [];
    case 'run-role':
      return settings.roles.includes(definition.role) ? [runOfRole(definition, settings)] : [];
    case 'run-commands':
      return runsOfCommands(settings, contextCommands);
    case 'admit':
      return [{ do: 'admit', gate: definition.gate }];
    case 'deliver':
      return deliveryTasks(settings);
    case 'take-tree':
    case 'check-evidence':
    case 'compare-tree':
    case 'decide-gates':
      return [{ do: definition.do }];
    default:
      return unreachable(definition);
  }
}

/** A block that was asked for comes before anything leaves this machine. */
function deliveryTasks({ delivery, simulateBlocked }: MachineSettings): readonly Task[] {
  if (delivery.length === 0 || simulateBlocked) return [];
  return [{ do: 'admit-diff' }, ...delivery.map((step) => ({ do: 'deliver' as const, step }))];
}

function runOfRole(definition: TaskDefinition & { do: 'run-role' }, settings: MachineSettings): Task {
  const budget = definition.budget === 'execution' ? settings.executionMaxIterations : 1;
  return { do: 'run', run: { step: definition.role, role: definition.role, command: null, budget } };
}

function runsOfCommands(settings: MachineSettings, contextCommands: number): readonly Task[] {
  const count = settings.commands + (settings.commandsFromContext ? contextCommands : 0);
  return Array.from({ length: count }, (_, index) => ({
    do: 'run' as const,
    run: { step: `command-${index + 1}`, role: null, command: index, budget: 1 },
  }));
}

function followedByComparison(task: Task): readonly Task[] {
  return task.do === 'run' ? [task, { do: 'compare-tree' }] : [task];
}
