/** The flags that say what the stages are made of and how a run goes on (spec section 1). */
import { ABSENT_STATUS, GATE_STATUSES, type GateName } from '../core/gates/gate.ts';
import { ORCHESTRATE, runsBinaries, stageNames, stageOfRole } from '../core/machine/pipeline.ts';
import type { Role } from '../core/run-plan.ts';
import { NETWORK_MODES, SANDBOX_MODES } from '../core/sandbox.ts';
import { agentFlags } from './agent-flags.ts';
import { FLAG_GROUPS } from './flag-groups.ts';
import { type FlagKind, type FlagSpec, numberKind, switchFlag, valueFlag } from './flag-spec.ts';

const ARGUMENT: FlagKind = { type: 'argument' };
const PATH: FlagKind = { type: 'path' };
const TEXT: FlagKind = { type: 'text' };
const VARIABLE: FlagKind = { type: 'variable' };

/** The stages that `--rerun-from` can name. */
export function stageChoices(): readonly string[] {
  return stageNames(ORCHESTRATE);
}

/** The stages that have a binary which could have changed. */
export function binaryStageChoices(): readonly string[] {
  return ORCHESTRATE.stages.filter(runsBinaries).map((stage) => stage.name);
}

/** The flags of one role. */
export function roleFlags(role: Role): readonly FlagSpec[] {
  const group = FLAG_GROUPS.stages;
  const stage = stageOfRole(ORCHESTRATE, role);
  const key = (name: string) => `${role}.${name}`;
  return [
    valueFlag(PATH, 'P', {
      name: `${role}-bin`,
      group,
      help: `the ${role}, run in stage ${stage}`,
      configKey: key('bin'),
    }),
    valueFlag(ARGUMENT, 'V', {
      name: `${role}-arg`,
      group,
      help: 'an argument, passed on as written',
      repeatable: true,
      configKey: key('args'),
    }),
    valueFlag(VARIABLE, 'K=V', {
      name: `${role}-env`,
      group,
      help: 'a variable of its environment',
      repeatable: true,
      configKey: key('env'),
    }),
    valueFlag(PATH, 'P', {
      name: `${role}-expected-artifact`,
      group,
      help: 'a file that it must leave',
      repeatable: true,
      configKey: key('expected_artifacts'),
    }),
    valueFlag(numberKind('timeout_ms'), 'N', {
      name: `${role}-timeout-ms`,
      group,
      help: 'its own limit',
      byDefault: '--timeout-ms',
      configKey: key('timeout_ms'),
    }),
    valueFlag({ type: 'choice', choices: SANDBOX_MODES }, SANDBOX_MODES.join('|'), {
      name: `${role}-sandbox`,
      group,
      help: 'its own word on the sandbox',
      byDefault: '--sandbox',
      configKey: key('sandbox'),
    }),
    valueFlag({ type: 'choice', choices: NETWORK_MODES }, NETWORK_MODES.join('|'), {
      name: `${role}-sandbox-network`,
      group,
      help: 'whether its sandbox sees the network',
      byDefault: '--sandbox-network',
      configKey: key('sandbox_network'),
    }),
    ...agentFlags(role),
  ];
}

/** The native validation commands. */
export function validationFlags(): readonly FlagSpec[] {
  const group = FLAG_GROUPS.validation;
  return [
    valueFlag(PATH, 'P', {
      name: 'validation-bin',
      group,
      help: 'a command that must succeed, run in order after the reviewer',
      repeatable: true,
      configKey: 'validation',
    }),
    valueFlag(ARGUMENT, 'V', {
      name: 'validation-arg',
      group,
      help: 'an argument of the --validation-bin before it',
      repeatable: true,
      configKey: 'validation.args',
    }),
    valueFlag(VARIABLE, 'K=V', {
      name: 'validation-env',
      group,
      help: 'a variable of the --validation-bin before it',
      repeatable: true,
      configKey: 'validation.env',
    }),
    switchFlag({
      name: 'validation-from-planning-context',
      group,
      help: 'also run the validation commands found in planning',
      configKey: 'validation_from_planning_context',
    }),
  ];
}

/** What the operator asserts about one gate. */
export function gateFlag(gate: GateName): FlagSpec {
  const choices = GATE_STATUSES[gate];
  return valueFlag({ type: 'choice', choices }, choices.join('|'), {
    name: `${gate}-status`,
    group: FLAG_GROUPS.gates,
    help: `only "${choices[0]}" passes`,
    byDefault: ABSENT_STATUS[gate],
  });
}

/** Resume, the checkpoint and the lock. */
export function resumeFlags(): readonly FlagSpec[] {
  const group = FLAG_GROUPS.resume;
  return [
    switchFlag({
      name: 'resume',
      group,
      help: 'go on from the checkpoint in out_dir; completed stages are skipped',
    }),
    valueFlag({ type: 'choice', choices: stageChoices() }, 'STAGE', {
      name: 'rerun-from',
      group,
      help: 'with --resume: run again from this stage on',
    }),
    valueFlag({ type: 'choice', choices: binaryStageChoices() }, 'STAGE', {
      name: 'accept-changed-binary',
      group,
      repeatable: true,
      help: 'with --resume: this completed stage counts although its binary has changed since',
    }),
    valueFlag(PATH, 'P', {
      name: 'checkpoint-path',
      group,
      help: 'where the checkpoint is; to be given again on resume',
      byDefault: '<out_dir>/orchestrator_checkpoint.json',
      configKey: 'checkpoint_path',
    }),
    valueFlag(TEXT, 'TOKEN', {
      name: 'break-lock',
      group,
      help: 'take a lock whose holder cannot be examined; the refusal names the token',
    }),
  ];
}
