import type { GateName } from '../gates/gate.ts';
import type { Role } from '../run-plan.ts';

/** What a stage is made of. A stage machine knows only these; what they do is the driver's business. */
export type TaskDefinition =
  | { readonly do: 'write-context' }
  | { readonly do: 'admit'; readonly gate: GateName }
  | { readonly do: 'run-role'; readonly role: Role; readonly budget: 'one' | 'execution' }
  | { readonly do: 'run-commands' }
  | { readonly do: 'take-tree' }
  | { readonly do: 'check-evidence' }
  | { readonly do: 'compare-tree' }
  | { readonly do: 'deliver' }
  | { readonly do: 'decide-gates' };

export interface StageDefinition {
  readonly name: string;
  readonly tasks: readonly TaskDefinition[];
  /** Whether what runs here must leave the content tree as it was: a comparison follows each run. */
  readonly keepsTree: boolean;
  /** Where a run that asks for remediation goes back to, null where nothing may ask. */
  readonly remediation: string | null;
}

/** An ordered list of stages: the whole of what makes one kind of run different from another. */
export interface Pipeline {
  readonly name: string;
  readonly stages: readonly StageDefinition[];
}

/** The five stages of document 004, as spec section 3 settles them. */
export const ORCHESTRATE: Pipeline = {
  name: 'orchestrate',
  stages: [
    {
      name: 'planning',
      tasks: [{ do: 'write-context' }, { do: 'run-role', role: 'manager', budget: 'one' }],
      keepsTree: false,
      remediation: null,
    },
    {
      name: 'policy_ingestion',
      tasks: [{ do: 'admit', gate: 'policy' }],
      keepsTree: false,
      remediation: null,
    },
    {
      name: 'execution',
      tasks: [{ do: 'run-role', role: 'executor', budget: 'execution' }],
      keepsTree: false,
      remediation: null,
    },
    {
      name: 'validation',
      tasks: [
        { do: 'take-tree' },
        { do: 'run-role', role: 'reviewer', budget: 'one' },
        { do: 'run-commands' },
      ],
      keepsTree: true,
      remediation: 'execution',
    },
    {
      name: 'closure',
      tasks: [{ do: 'check-evidence' }, { do: 'compare-tree' }, { do: 'deliver' }, { do: 'decide-gates' }],
      keepsTree: false,
      remediation: null,
    },
  ],
};

/** Stage names in order. */
export function stageNames(pipeline: Pipeline): readonly string[] {
  return pipeline.stages.map((stage) => stage.name);
}

/** Position of a stage; asking for one that the pipeline does not have is a bug. */
export function stageIndex(pipeline: Pipeline, name: string): number {
  const index = pipeline.stages.findIndex((stage) => stage.name === name);
  if (index < 0) throw new Error(`no stage "${name}" in pipeline "${pipeline.name}"`);
  return index;
}

/** A stage that can have a binary: without one it completes as `not_configured`. */
export function runsBinaries(stage: StageDefinition): boolean {
  return stage.tasks.some((task) => task.do === 'run-role' || task.do === 'run-commands');
}

/** The stage that a role's binary runs in; a role that no stage names is a bug. */
export function stageOfRole(pipeline: Pipeline, role: Role): string {
  const stage = pipeline.stages.find((one) =>
    one.tasks.some((task) => task.do === 'run-role' && task.role === role),
  );
  if (stage === undefined) throw new Error(`no stage runs the ${role}`);
  return stage.name;
}

/** The stage that runs the native validation commands, null where the pipeline has none. */
export function stageOfCommands(pipeline: Pipeline): string | null {
  return pipeline.stages.find((one) => one.tasks.some((task) => task.do === 'run-commands'))?.name ?? null;
}
