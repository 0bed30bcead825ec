import type { Failure } from '../core/failure.ts';
import { ABSENT_STATUS, GATE_ORDER } from '../core/gates/gate.ts';
import { ok, type Result } from '../core/result.ts';
import { type KeySource, ROLES, type RunRequest } from '../core/run-plan.ts';
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
    ...placesOfKeys(request),
    ...(request.htmlReport === null ? {} : { html_report: request.htmlReport }),
    resume: request.resume,
    gates: gatesOf(request),
    ...commitOf(request),
  };
  ports.stdout(request.output.json ? asJson(config, invocation) : asText(config, invocation));
  return ok(undefined);
}

/** Prints a configuration alone, without an invocation. */
export function renderConfig(config: EffectiveConfig, json: boolean): string {
  return json ? asJson(config, {}) : asText(config, {});
}

function placesOfKeys({ stateKey, signKey }: RunRequest): Readonly<Record<string, unknown>> {
  return { ...placeOfKey('state_key', stateKey), ...placeOfKey('sign_key', signKey) };
}

function placeOfKey(name: string, source: KeySource | null): Readonly<Record<string, unknown>> {
  if (source === null) return {};
  return source.from === 'file' ? { [`${name}_file`]: source.path } : { [`${name}_fd`]: source.fd };
}

function commitOf({ given }: RunRequest): Readonly<Record<string, unknown>> {
  const commit = given.closure?.gate_commit;
  return commit === undefined ? {} : { gate_commit: commit.value };
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
  const closure = nested(closureTree(config.closure));
  const document = { ...invocation, config: { ...config.roles, ...config.settings, ...closure } };
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
  const closure = nestedLines(closureTree(config.closure));
  return `${[...comments(invocation), ...roles, ...settings, ...closure].join('\n')}\n`;
}

function comments(invocation: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(invocation).flatMap(([key, value]) => {
    // Those that a file may say, and that a run from it would otherwise go without.
    const mark = ['state_key_file', 'sign_key_file', 'html_report'].includes(key) ? '' : '# ';
    if (key !== 'gates') return [`${mark}${key}: ${harmlessJson(JSON.stringify(value))}`];
    return Object.entries(value ?? {}).map(([gate, one]) => `# ${line(`${gate}_status`, one)}`);
  });
}

/** A value, or a mapping of more: what the paths of a file's keys spell. */
type Tree = ReadonlyMap<string, Effective | Tree>;

function treeOf(values: readonly (readonly [path: readonly string[], value: Effective])[]): Tree {
  const tree = new Map<string, Effective | Tree>();
  for (const [[key = '', ...rest], value] of values) {
    if (tree.has(key)) continue;
    const below = values.flatMap(([[first, ...more], one]) => (first === key ? [[more, one] as const] : []));
    tree.set(key, rest.length === 0 ? value : treeOf(below));
  }
  return tree;
}

function closureTree(values: Readonly<Record<string, Effective>>): Tree {
  return treeOf(Object.entries(values).map(([path, value]) => [path.split('.'), value]));
}

/** `gates.policy.from` as mappings in mappings. */
function nested(tree: Tree): Readonly<Record<string, unknown>> {
  return Object.fromEntries([...tree].map(([key, one]) => [key, isTree(one) ? nested(one) : one] as const));
}

/** The same as YAML. */
function nestedLines(tree: Tree): readonly string[] {
  return [...tree].flatMap(([key, one]) =>
    isTree(one) ? [`${key}:`, ...nestedLines(one).map((text) => `  ${text}`)] : [line(key, one)],
  );
}

function isTree(one: Effective | Tree): one is Tree {
  return one instanceof Map;
}

function line(key: string, { value, origin }: Effective): string {
  if (value === null) return `# ${key}: none  # ${origin}`;
  return `${key}: ${harmlessJson(JSON.stringify(value))}  # ${origin}`;
}
