/**
 * The flags of `orchestrator [out_dir]`, one table: the parser, the help, the config file's keys and the
 * documentation are held to it (spec section 1).
 */
import { GATE_ORDER } from '../core/gates/gate.ts';
import { DEFAULTS, ROLES } from '../core/run-plan.ts';
import { NETWORK_MODES, SANDBOX_MODES } from '../core/sandbox.ts';
import type { RANGES } from '../formats/limits.ts';
import { closureFlags } from './closure-flags.ts';
import { FLAG_GROUPS } from './flag-groups.ts';
import { type FlagKind, type FlagSpec, numberKind, switchFlag, valueFlag } from './flag-spec.ts';
import { signKeyFlags } from './sign-key-flags.ts';
import { gateFlag, resumeFlags, roleFlags, validationFlags } from './stage-flags.ts';
import { stateKeyFlags } from './state-key-flags.ts';

const PATH: FlagKind = { type: 'path' };
const TEXT: FlagKind = { type: 'text' };

function repositoryFlags(): readonly FlagSpec[] {
  const group = FLAG_GROUPS.repository;
  return [
    valueFlag(PATH, 'P', {
      name: 'repo-root',
      group,
      help: "the repository of the run, and the stages' working directory",
      byDefault: '.',
      configKey: 'repo_root',
    }),
    valueFlag(PATH, 'P', {
      name: 'planning-context-artifact',
      group,
      help: 'write a repository context here for the manager to read',
      configKey: 'planning_context_artifact',
    }),
    valueFlag(TEXT, 'GLOB', {
      name: 'tree-ignore',
      group,
      help: "what does not belong to the work tree's content",
      repeatable: true,
      configKey: 'tree_ignore',
    }),
    valueFlag(TEXT, 'NAME', {
      name: 'accept-git-change',
      group,
      help: 'a setting of the repository, or a glob, that stages may change',
      repeatable: true,
      configKey: 'accept_git_change',
    }),
    switchFlag({
      name: 'allow-stale-artifacts',
      group,
      help: 'accept an expected artifact that this attempt did not write',
      configKey: 'allow_stale_artifacts',
    }),
  ];
}

function boundFlags(): readonly FlagSpec[] {
  const group = FLAG_GROUPS.bounds;
  const bound = (name: string, key: keyof typeof RANGES, help: string, byDefault: string | null): FlagSpec =>
    valueFlag(numberKind(key), 'N', { name, group, help, byDefault, configKey: key });
  return [
    bound('timeout-ms', 'timeout_ms', 'limit of each invocation', String(DEFAULTS.timeoutMs)),
    bound('run-timeout-ms', 'run_timeout_ms', 'limit of the whole run', null),
    bound('kill-grace-ms', 'kill_grace_ms', 'from SIGTERM to SIGKILL', String(DEFAULTS.killGraceMs)),
    bound(
      'execution-max-iterations',
      'execution_max_iterations',
      'attempts at execution in this invocation',
      '1',
    ),
    bound(
      'reviewer-remediation-max-cycles',
      'reviewer_remediation_max_cycles',
      "times that execution and validation run again on the reviewer's next steps",
      '0',
    ),
    bound(
      'max-artifact-bytes',
      'max_artifact_bytes',
      'size of an artifact',
      String(DEFAULTS.maxArtifactBytes),
    ),
    bound(
      'max-log-bytes',
      'max_log_bytes',
      'size of a log; the rest is drained',
      String(DEFAULTS.maxLogBytes),
    ),
    valueFlag({ type: 'duration' }, 'D', {
      name: 'gate-max-age',
      group,
      help: 'how long resume carries an assertion over, such as 90s, 30m, 7d',
      byDefault: '24h',
      configKey: 'gate_max_age',
    }),
  ];
}

function environmentFlags(): readonly FlagSpec[] {
  const group = FLAG_GROUPS.environment;
  return [
    valueFlag(TEXT, 'NAME', {
      name: 'pass-env',
      group,
      help: 'a variable, or a glob, to pass on beside the base set',
      repeatable: true,
      configKey: 'pass_env',
    }),
    switchFlag({ name: 'inherit-env', group, help: 'pass on everything', configKey: 'inherit_env' }),
    valueFlag(TEXT, 'NAME', {
      name: 'redact-env',
      group,
      help: 'a variable, or a glob, whose value is masked as a secret',
      repeatable: true,
      configKey: 'redact_env',
    }),
  ];
}

function sandboxFlags(): readonly FlagSpec[] {
  const group = FLAG_GROUPS.sandbox;
  const shown = (name: string, configKey: string, help: string): FlagSpec =>
    valueFlag(PATH, 'P', { name, group, help, repeatable: true, configKey });
  return [
    valueFlag({ type: 'choice', choices: SANDBOX_MODES }, SANDBOX_MODES.join('|'), {
      name: 'sandbox',
      group,
      help: 'run stages in a sandbox: or not at all, where it can be had, never',
      byDefault: 'off',
      configKey: 'sandbox',
    }),
    valueFlag({ type: 'choice', choices: NETWORK_MODES }, NETWORK_MODES.join('|'), {
      name: 'sandbox-network',
      group,
      help: 'whether a sandboxed stage sees the network',
      byDefault: 'off',
      configKey: 'sandbox_network',
    }),
    shown('sandbox-read', 'sandbox_read', 'what it may read beside the work tree and the system'),
    shown('sandbox-write', 'sandbox_write', 'what it may write beside the work tree'),
  ];
}

function configurationFlags(): readonly FlagSpec[] {
  const group = FLAG_GROUPS.configuration;
  return [
    valueFlag(PATH, 'P', { name: 'config', group, help: 'JSON or YAML file; flags win over it' }),
    switchFlag({
      name: 'print-config',
      group,
      help: 'print the effective configuration and its origins; run nothing',
    }),
    switchFlag({ name: 'dry-run', group, help: 'print the exact plan; write nothing, start nothing' }),
    switchFlag({ name: 'simulate-blocked', group, help: 'end as blocked with SIMULATED_BLOCK at closure' }),
  ];
}

/** Output flags that a command without progress has too. */
export function commonFlags(): readonly FlagSpec[] {
  const group = FLAG_GROUPS.output;
  return [
    switchFlag({ name: 'help', group, help: 'print this', letter: 'h' }),
    switchFlag({ name: 'version', group, help: 'print the version', letter: 'V' }),
  ];
}

/** `--json`, for every command that can. */
export function jsonFlag(): FlagSpec {
  return switchFlag({ name: 'json', group: FLAG_GROUPS.output, help: 'print JSON on stdout' });
}

/** `--no-color`, for every command that colours. */
export function noColorFlag(): FlagSpec {
  return switchFlag({ name: 'no-color', group: FLAG_GROUPS.output, help: 'print without colours' });
}

function outputFlags(): readonly FlagSpec[] {
  const group = FLAG_GROUPS.output;
  return [
    jsonFlag(),
    switchFlag({ name: 'quiet', group, help: 'print only how a run ended that is not done' }),
    switchFlag({
      name: 'verbose',
      group,
      help: "also print the stages' output, and stacks of internal errors",
    }),
    valueFlag(PATH, 'FILE', {
      name: 'html-report',
      group,
      help: 'write the report as one HTML file when the run has ended, however it ended',
      configKey: 'html_report',
    }),
    noColorFlag(),
    ...commonFlags(),
  ];
}

/** Every flag of the run command, in help's order. */
export function runFlags(): readonly FlagSpec[] {
  return [
    ...ROLES.flatMap(roleFlags),
    ...validationFlags(),
    ...GATE_ORDER.map(gateFlag),
    ...closureFlags(),
    ...resumeFlags(),
    ...stateKeyFlags(FLAG_GROUPS.authenticity),
    ...signKeyFlags(FLAG_GROUPS.authenticity),
    ...repositoryFlags(),
    ...boundFlags(),
    ...environmentFlags(),
    ...sandboxFlags(),
    ...configurationFlags(),
    ...outputFlags(),
  ];
}
