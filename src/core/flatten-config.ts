import type { StoredCommand, StoredConfig } from './config/stored-config.ts';

/** A stored configuration as one level of names. */
export interface FlatConfig {
  /** `executor.bin`, `closure.base`, `validation.1.args`: the value as JSON, or what stands for a secret. */
  readonly facts: ReadonlyMap<string, string>;
  /** Names whose value is, or holds, a secret that was withheld. */
  readonly withheld: readonly string[];
}

/** What stands in a secret's place. */
export const WITHHELD = '(a secret, withheld)';

/** Flattens a configuration; a setting that is not set has no name in it. */
export function flattenConfig(config: StoredConfig): FlatConfig {
  const facts = new Map<string, string>();
  const withheld: string[] = [];
  const into = { facts, withheld };
  const { manager, executor, reviewer, validation, closure, ...settings } = config;
  for (const [name, role] of Object.entries({ manager, executor, reviewer })) {
    if (role !== null) addCommand(name, role, into);
  }
  for (const [index, command] of validation.entries()) addCommand(`validation.${index + 1}`, command, into);
  addFields('', settings, facts);
  addFields('closure.', closure, facts);
  return into;
}

function addCommand(
  name: string,
  command: StoredCommand,
  into: { readonly facts: Map<string, string>; readonly withheld: string[] },
): void {
  const { env, args_withheld: argsWithheld, ...fields } = command;
  addFields(`${name}.`, fields, into.facts);
  if (argsWithheld.length > 0) into.withheld.push(`${name}.args`);
  for (const variable of env) {
    const key = `${name}.env.${variable.name}`;
    into.facts.set(key, variable.value === null ? WITHHELD : JSON.stringify(variable.value));
    if (variable.value === null) into.withheld.push(key);
  }
}

function addFields(prefix: string, fields: object, facts: Map<string, string>): void {
  for (const [key, value] of Object.entries(fields)) {
    if (value !== null) facts.set(`${prefix}${key}`, JSON.stringify(value));
  }
}
