import type { Failure } from '../core/failure.ts';
import { ABSENT_STATUS, GATE_ORDER } from '../core/gates/gate.ts';
import { ok, type Result } from '../core/result.ts';
import { ROLES, type RunRequest } from '../core/run-plan.ts';
import { harmlessJson } from '../render/harmless-json.ts';
import { evidencePaths } from '../store/layout.ts';
import { type Effective, type EffectiveConfig, effectiveConfig } from './effective-config.ts';
import type { Output } from './output.ts';
import { planSoFar } from './plan-of-request.ts';
import { stateKeyOf } from './state-key.ts';

export interface PrintConfigPorts extends Output {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * `--print-config`: every value that the run would use and where it came from, secrets masked; nothing is run
 * and nothing written. With `--resume` what is not given comes from the checkpoint.
 */
export async function printConfig(
  request: RunRequest,
  ports: PrintConfigPorts,
): Promise<Result<void, Failure>> {
  const paths = evidencePaths(request.outDir, request.checkpointPath);
  const key = await stateKeyOf(request.stateKey);
  if (!key.ok) return key;
  const base = request.resume ? await planSoFar(request, key.value) : ok(null);
  if (!base.ok) return base;
  const config = await effectiveConfig({
    given: request.given,
    base: base.value,
    cwd: ports.cwd,
    callerEnv: ports.env,
  });
  const invocation = {
    out_dir: request.outDir,
    checkpoint_path: paths.checkpoint,
    ...placeOfKey(request),
    resume: request.resume,
    gates: gatesOf(request),
  };
  ports.stdout(request.output.json ? asJson(config, invocation) : asText(config, invocation));
  return ok(undefined);
}

/** Prints a configuration alone, without an invocation. */
export function renderConfig(config: EffectiveConfig, json: boolean): string {
  return json ? asJson(config, {}) : asText(config, {});
}

function placeOfKey({ stateKey }: RunRequest): Readonly<Record<string, unknown>> {
  if (stateKey === null) return {};
  return stateKey.from === 'file' ? { state_key_file: stateKey.path } : { state_key_fd: stateKey.fd };
}

function gatesOf(request: RunRequest): Readonly<Record<string, Effective>> {
  const absent = request.resume ? 'default, unless an earlier assertion is carried over' : 'default';
  return Object.fromEntries(
    GATE_ORDER.map((gate) => {
      const asserted = request.assertions[gate];
      const origin = asserted === undefined ? absent : `--${gate}-status`;
      return [gate, { value: asserted ?? ABSENT_STATUS[gate], origin }];
    }),
  );
}

function asJson(config: EffectiveConfig, invocation: Readonly<Record<string, unknown>>): string {
  const document = { ...invocation, config: { ...config.roles, ...config.settings } };
  return `${harmlessJson(JSON.stringify(document, null, 2))}\n`;
}

/** YAML that `--config` would read: what a file cannot say, and what is not set, stands in comments. */
function asText(config: EffectiveConfig, invocation: Readonly<Record<string, unknown>>): string {
  const roles = ROLES.flatMap((role) => {
    const values = config.roles[role];
    if (values === null) return [`# ${role}: not configured`];
    return [`${role}:`, ...Object.entries(values).map(([key, one]) => `  ${line(key, one)}`)];
  });
  const settings = Object.entries(config.settings).map(([key, one]) => line(key, one));
  return `${[...comments(invocation), ...roles, ...settings].join('\n')}\n`;
}

function comments(invocation: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(invocation).flatMap(([key, value]) => {
    // The one of these that a file may say, and that a run from it would otherwise go without.
    const mark = key === 'state_key_file' ? '' : '# ';
    if (key !== 'gates') return [`${mark}${key}: ${harmlessJson(JSON.stringify(value))}`];
    return Object.entries(value ?? {}).map(([gate, one]) => `# ${line(`${gate}_status`, one)}`);
  });
}

function line(key: string, { value, origin }: Effective): string {
  if (value === null) return `# ${key}: none  # ${origin}`;
  return `${key}: ${harmlessJson(JSON.stringify(value))}  # ${origin}`;
}
