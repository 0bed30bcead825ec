import { CLOSURE_KEYS } from '../config/closure-settings.ts';
import type { StoredCommand, StoredConfig, StoredRole } from '../config/stored-config.ts';
import { type Pipeline, stageOfCommands, stageOfRole } from '../machine/pipeline.ts';
import { ROLES } from '../run-plan.ts';

/** What a resume changes: listed in output and report, or refused because its stage has completed. */
export interface ConfigComparison {
  readonly changes: readonly string[];
  readonly refused: readonly RefusedChange[];
}

export interface RefusedChange {
  readonly stage: string;
  readonly what: string;
}

interface Difference {
  readonly what: string;
  /** Whether a completed stage may not have it changed: binary, arguments, environment names, artifacts. */
  readonly binding: boolean;
}

/** Names every difference, values of variables never (spec section 6). */
export function compareConfigs(
  before: StoredConfig,
  after: StoredConfig,
  completed: readonly string[],
  pipeline: Pipeline,
): ConfigComparison {
  const owned = [
    ...ROLES.map((role) => ({
      stage: stageOfRole(pipeline, role),
      differences: roleDifferences(role, before[role], after[role]),
    })),
    { stage: stageOfCommands(pipeline) ?? '', differences: commandDifferences(before, after) },
    { stage: pipeline.stages[0]?.name ?? '', differences: contextDifferences(before, after) },
  ];
  return {
    changes: [
      ...owned.flatMap((one) => one.differences.map((difference) => difference.what)),
      ...settingDifferences(before, after),
      ...closureDifferences(before, after),
    ],
    refused: owned.flatMap(({ stage, differences }) =>
      completed.includes(stage)
        ? differences.filter((one) => one.binding).map((one) => ({ stage, what: one.what }))
        : [],
    ),
  };
}

function roleDifferences(role: string, before: StoredRole | null, after: StoredRole | null): Difference[] {
  if (before === null && after === null) return [];
  if (before === null || after === null) {
    return [{ what: `${role}: ${before === null ? 'added' : 'removed'}`, binding: true }];
  }
  const artifacts = (one: StoredRole) => one.expected_artifacts;
  return [
    ...oneCommand(role, before, after),
    ...differing(`${role}: expected artifacts`, artifacts(before), artifacts(after), true),
    ...differing(`${role}: timeout`, before.timeout_ms, after.timeout_ms, false),
    ...differing(`${role}: sandbox`, before.sandbox, after.sandbox, false),
    ...differing(`${role}: sandbox network`, before.sandbox_network, after.sandbox_network, false),
    ...differing(`${role}: agent`, before.agent, after.agent, true),
    ...differing(`${role}: prompt`, before.prompt, after.prompt, true),
    ...differing(`${role}: model`, before.model, after.model, true),
    ...differing(`${role}: cost limit`, before.max_cost_usd, after.max_cost_usd, false),
    ...differing(`${role}: token limit`, before.max_tokens, after.max_tokens, false),
    ...differing(`${role}: turn limit`, before.max_turns, after.max_turns, false),
  ];
}

function oneCommand(owner: string, before: StoredCommand, after: StoredCommand): Difference[] {
  const names = (one: StoredCommand) => one.env.map((variable) => variable.name);
  const values = (one: StoredCommand) => one.env.filter((variable) => variable.value !== null);
  const sameNames = same(names(before), names(after));
  return [
    ...differing(`${owner}: binary`, before.bin, after.bin, true),
    ...differing(`${owner}: arguments`, before.args, after.args, true),
    ...differing(`${owner}: environment names`, names(before), names(after), true),
    ...(sameNames ? differing(`${owner}: environment values`, values(before), values(after), false) : []),
  ];
}

function commandDifferences(before: StoredConfig, after: StoredConfig): Difference[] {
  if (before.validation.length !== after.validation.length) {
    return [{ what: 'validation commands: their number', binding: true }];
  }
  return [
    ...before.validation.flatMap((one, index) => {
      const other = after.validation[index];
      return other === undefined ? [] : oneCommand(`validation command ${index + 1}`, one, other);
    }),
    ...differing(
      'validation commands from the planning context',
      before.validation_from_planning_context,
      after.validation_from_planning_context,
      true,
    ),
  ];
}

function contextDifferences(before: StoredConfig, after: StoredConfig): Difference[] {
  return differing(
    'planning context artifact',
    before.planning_context_artifact,
    after.planning_context_artifact,
    true,
  );
}

/** Settings that belong to no stage: how the rest of the run is bounded, recorded and looked at. */
const SETTINGS = {
  repo_root: 'repo root',
  execution_max_iterations: 'execution attempts',
  reviewer_remediation_max_cycles: 'remediation cycles',
  timeout_ms: 'timeout',
  run_timeout_ms: 'run timeout',
  kill_grace_ms: 'kill grace',
  gate_max_age_ms: 'gate max age',
  pass_env: 'passed environment',
  inherit_env: 'inherited environment',
  redact_env: 'redacted environment',
  allow_stale_artifacts: 'stale artifacts allowed',
  tree_ignore: 'tree ignore',
  accept_git_change: 'accepted git changes',
  sandbox: 'sandbox',
  sandbox_network: 'sandbox network',
  sandbox_read: 'sandbox reads',
  sandbox_write: 'sandbox writes',
  max_artifact_bytes: 'artifact bound',
  max_log_bytes: 'log bound',
} as const satisfies Partial<Record<keyof StoredConfig, string>>;

function settingDifferences(before: StoredConfig, after: StoredConfig): string[] {
  const keys = Object.keys(SETTINGS) as (keyof typeof SETTINGS)[];
  return keys
    .filter((key) => !same(before[key], after[key]))
    .map((key) => `${SETTINGS[key]}: ${JSON.stringify(before[key])} is now ${JSON.stringify(after[key])}`);
}

/** Gates are decided again on a resume: what they are read from may change, and is told. */
function closureDifferences(before: StoredConfig, after: StoredConfig): string[] {
  return CLOSURE_KEYS.filter((key) => !same(before.closure[key], after.closure[key])).map(
    (key) =>
      `${key.replaceAll('_', ' ')}: ${JSON.stringify(before.closure[key])} is now ${JSON.stringify(after.closure[key])}`,
  );
}

function differing(what: string, before: unknown, after: unknown, binding: boolean): Difference[] {
  return same(before, after) ? [] : [{ what, binding }];
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
