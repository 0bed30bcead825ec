import { type Pipeline, stageNames, stageOfCommands, stageOfRole } from '../machine/pipeline.ts';
import { type GivenPlan, ROLES, type Role } from '../run-plan.ts';

/** What the checkpoint could not hold because it is secret, per owner (`executor`, `command-1`). */
export interface Withheld {
  readonly args: Readonly<Record<string, readonly number[]>>;
  readonly env: Readonly<Record<string, readonly string[]>>;
  /** Roles whose prompt held a secret. */
  readonly prompts: readonly string[];
}

/** What of it is still not there after this invocation's flags and config file. */
export function stillWithheld(withheld: Withheld, given: GivenPlan): Withheld {
  return {
    args: mapOwners(withheld.args, (owner, positions) => (argsGiven(owner, given) ? [] : positions)),
    env: mapOwners(withheld.env, (owner, names) => names.filter((name) => !envGiven(owner, name, given))),
    prompts: withheld.prompts.filter((owner) =>
      ROLES.some((role) => role === owner && given.roles[role].prompt === undefined),
    ),
  };
}

/** One line per secret that a stage still to run needs and does not have, naming it, never its value. */
export function missingSecrets(
  withheld: Withheld,
  pipeline: Pipeline,
  completed: readonly string[],
): readonly string[] {
  const toRun = (owner: string) => !completed.includes(stageOfOwner(owner, pipeline));
  const variables = Object.entries(withheld.env)
    .filter(([owner]) => toRun(owner))
    .flatMap(([owner, names]) => names.map((name) => `${name} of the ${owner}`));
  const args = Object.entries(withheld.args)
    .filter(([owner, positions]) => toRun(owner) && positions.length > 0)
    .map(([owner]) => `the arguments of the ${owner}`);
  const prompts = withheld.prompts.filter(toRun).map((owner) => `the prompt of the ${owner}`);
  return [...variables, ...args, ...prompts];
}

function mapOwners<Value>(
  values: Readonly<Record<string, Value>>,
  change: (owner: string, value: Value) => Value,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(values).map(([owner, value]) => [owner, change(owner, value)]));
}

function roleOf(owner: string): Role | null {
  return ROLES.find((role) => role === owner) ?? null;
}

function argsGiven(owner: string, given: GivenPlan): boolean {
  const role = roleOf(owner);
  return role === null ? given.validation !== undefined : given.roles[role].args !== undefined;
}

function envGiven(owner: string, name: string, given: GivenPlan): boolean {
  const role = roleOf(owner);
  if (role === null) return given.validation !== undefined;
  return Object.hasOwn(given.roles[role].env?.value ?? {}, name);
}

function stageOfOwner(owner: string, pipeline: Pipeline): string {
  const role = roleOf(owner);
  const stage = role === null ? stageOfCommands(pipeline) : stageOfRole(pipeline, role);
  return stage ?? stageNames(pipeline)[0] ?? '';
}
