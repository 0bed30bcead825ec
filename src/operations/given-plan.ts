import { resolve, sep } from 'node:path';
import { type Given, type GivenPlan, type GivenRole, ROLES, type Role } from '../core/run-plan.ts';

/** The same fields, those that are undefined left out: absent and undefined are not the same in a given plan. */
type Present<Fields> = { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> };

/** Leaves out what was not given. */
export function present<Fields extends object>(fields: Fields): Present<Fields> {
  // Boundary: the compiler cannot see that the filter is what makes the type true.
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Present<Fields>;
}

/** A `-bin` with a slash is a path from the caller's folder; without one it is looked up on PATH when it starts. */
export function resolveBin(bin: string, cwd: string): string {
  return bin.includes('/') || bin.includes(sep) ? resolve(cwd, bin) : bin;
}

/** Flags win over the file, key by key; a role's variables are added by name (spec section 1). */
export function mergeGiven(file: GivenPlan, flags: GivenPlan): GivenPlan {
  const role = (name: Role): GivenRole => {
    const env = mergeEnv(file.roles[name].env, flags.roles[name].env);
    const own = withOnePrompt(file.roles[name], flags.roles[name]);
    return { ...own, ...flags.roles[name], ...(env === undefined ? {} : { env }) };
  };
  return {
    ...file,
    ...flags,
    closure: { ...file.closure, ...flags.closure },
    roles: { manager: role('manager'), executor: role('executor'), reviewer: role('reviewer') },
  };
}

/** A prompt that was given as a flag takes the place of the file's, in whichever form that has it. */
function withOnePrompt(file: GivenRole, flags: GivenRole): GivenRole {
  if (flags.prompt === undefined && flags.promptFile === undefined) return file;
  const { prompt: _prompt, promptFile: _promptFile, ...rest } = file;
  return rest;
}

type GivenEnv = Given<Readonly<Record<string, string>>>;

function mergeEnv(file: GivenEnv | undefined, flags: GivenEnv | undefined): GivenEnv | undefined {
  if (file === undefined || flags === undefined) return flags ?? file;
  return { value: { ...file.value, ...flags.value }, origin: `${file.origin}, ${flags.origin}` };
}

/** Nothing given at all. */
export const NOTHING_GIVEN: GivenPlan = { roles: { manager: {}, executor: {}, reviewer: {} } };

/** Whether there is anything to run: a binary, a validation command, or those that planning will find. */
export function hasSomethingToRun(given: GivenPlan): boolean {
  return (
    ROLES.some((role) => given.roles[role].bin !== undefined || given.roles[role].agent !== undefined) ||
    (given.validation?.value.length ?? 0) > 0 ||
    given.validationFromPlanningContext?.value === true
  );
}
