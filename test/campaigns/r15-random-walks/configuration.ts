import { join } from 'node:path';
import type { MachineSettings } from '../../../src/core/machine/tasks.ts';
import type { Rig } from '../../e2e/rig.ts';
import { makeAgent } from './behaviours.ts';

/** How a walk's run is configured; what an invocation may change is the invocation's own. */
export interface Configuration {
  readonly roles: MachineSettings['roles'];
  readonly commands: number;
  readonly planningContext: boolean;
  readonly isGit: boolean;
  /** Commits and pushes to a remote beside the repository. */
  readonly delivers: boolean;
}

/** Draws a configuration; at least one binary is there. */
export function drawConfiguration(chance: () => number, seed: number): Configuration {
  const roles = (['manager', 'executor', 'reviewer'] as const).filter(() => chance() < 0.75);
  const commands = Math.floor(chance() * 3);
  const planningContext = chance() < 0.3;
  const isGit = chance() < 0.85;
  return {
    roles,
    commands: roles.length === 0 ? Math.max(1, commands) : commands,
    planningContext,
    isGit,
    // By the seed itself: other walks stay what they were.
    delivers: isGit && seed % 7 === 3,
  };
}

/** The steps that have a binary, named as the orchestrator names them. */
export function stepsOf({ roles, commands }: Configuration): readonly string[] {
  return [...roles, ...Array.from({ length: commands }, (_, index) => `command-${index + 1}`)];
}

/** The flags of a fresh run; makes the agents. */
export function flagsOf(rig: Rig, configuration: Configuration): readonly string[] {
  const roles = configuration.roles.flatMap((role) => [
    ...[`--${role}-bin`, makeAgent(rig, role)],
    ...[`--${role}-expected-artifact`, `out/${role}.json`],
  ]);
  const commands = stepsOf(configuration)
    .filter((step) => step.startsWith('command-'))
    .flatMap((step) => ['--validation-bin', makeAgent(rig, step)]);
  const context = configuration.planningContext ? ['--planning-context-artifact', 'out/context.json'] : [];
  return [...roles, ...commands, ...context, ...deliveryFlags(rig, configuration), '--kill-grace-ms', '200'];
}

function deliveryFlags(rig: Rig, { delivers }: Configuration): readonly string[] {
  if (!delivers) return [];
  const remote = join(rig.base, 'remote.git');
  rig.git('init', '-q', '--bare', '-b', 'main', remote);
  return ['--delivery-remote', remote, '--delivery-commit-message', 'Change the tree'];
}
