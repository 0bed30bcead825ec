import { blocking, type GateDetail, type GateReading } from '../../core/gates/gate-document.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { opaCapabilitiesSchema, opaOutputSchema } from '../../formats/engine-output.schema.ts';
import {
  firstIssue,
  type PolicyDecision,
  parsePolicyDecision,
} from '../../formats/policy-decision.schema.ts';
import { serialisePolicyInput } from '../../formats/policy-input.ts';
import { type JsonValue, parseStrictJson } from '../../formats/strict-json.ts';
import type { PolicyQuestion } from '../policy/policy-question.ts';
import { noDecision, type PolicyOutcome } from '../policy/policy-reading.ts';
import { isForbidden } from './forbidden-builtins.ts';
import { objectionToEnd, type RegoPorts, type RegoRun, readRegoGate } from './rego-gate.ts';
import { inToolFolder, regoFilesOf } from './tool-folder.ts';

const QUERY = 'data.orchestrator.gate';
/** Opa's own limit is below ours, so that it can still say what took so long. */
const OPA_LIMIT = '10s';
const LIMIT_MS = 15_000;
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Lets the Rego policy of a folder decide, by `opa eval`. Opa's exit code never opens the gate: it is 0 for `false` and
 * for undefined as well. One that is not 0 closes it, whatever was printed.
 */
export function readOpaGate(asked: PolicyQuestion, ports: RegoPorts): Promise<GateReading> {
  return readRegoGate(asked, ports, { planOf: ({ rules }) => rules.opa, decide });
}

async function decide(run: RegoRun): Promise<PolicyOutcome> {
  const { policy, ports } = run;
  const { digest } = policy.folder;
  const files = new Map([...regoFilesOf(policy.folder)].map(([name, bytes]) => [`policy/${name}`, bytes]));
  if (files.size === 0) return noDecision(blocking('policy_no_rules', policy.source.dir, NO_FILES), digest);
  const decided = await inToolFolder(ports.scratch, files, (folder) => decideIn(run, folder));
  if (!decided.ok) return noDecision(decided.failure, digest);
  if (!decided.value.ok) return noDecision(decided.value.failure, digest);
  return { decision: decided.value.value, details: [], notEvaluated: [], policyDigest: digest };
}

async function decideIn(run: RegoRun, folder: string): Promise<Result<PolicyDecision, GateDetail>> {
  const capabilities = await capabilitiesOf(run, folder);
  if (!capabilities.ok) return capabilities;
  const files = new Map([['capabilities.json', capabilities.value]]);
  const decided = await inToolFolder(folder, files, (beside) =>
    evaluate(run, { folder, capabilities: `${beside}/capabilities.json` }),
  );
  return decided.ok ? decided.value : decided;
}

const NO_FILES = 'expected .rego files, got none';

/** What this version of opa can do, without what a decision must not depend on. */
async function capabilitiesOf(run: RegoRun, cwd: string): Promise<Result<string, GateDetail>> {
  const about = run.tool.path;
  const json = await outputOf(run, { args: ['capabilities', '--current'], stdin: '', cwd });
  if (!json.ok) return json;
  const parsed = opaCapabilitiesSchema.safeParse(json.value);
  if (!parsed.success) return fail(blocking('policy_malformed', about, firstIssue(parsed.error)));
  const builtins = parsed.data.builtins.filter((builtin) => !isForbidden(builtin));
  return ok(JSON.stringify({ ...parsed.data, builtins, allow_net: [] }));
}

async function evaluate(
  run: RegoRun,
  places: { readonly folder: string; readonly capabilities: string },
): Promise<Result<PolicyDecision, GateDetail>> {
  const args = [
    ...['eval', '-f', 'json', '-d', 'policy', '-I', '--strict-builtin-errors', '--timeout', OPA_LIMIT],
    ...['--capabilities', places.capabilities, QUERY],
  ];
  const json = await outputOf(run, {
    args,
    stdin: serialisePolicyInput(run.policy.input),
    cwd: places.folder,
  });
  return json.ok ? decisionIn(json.value, run) : json;
}

async function outputOf(
  { tool, ports }: RegoRun,
  call: { readonly args: readonly string[]; readonly stdin: string; readonly cwd: string },
): Promise<Result<JsonValue, GateDetail>> {
  const end = await ports.runTool({
    ...call,
    bin: tool.path,
    env: {},
    timeoutMs: LIMIT_MS,
    maxBytes: MAX_BYTES,
  });
  const objection = objectionToEnd(tool.path, end);
  if (objection !== null) return fail(objection);
  const json = parseStrictJson(end.stdout);
  if (end.code !== 0) return fail(blocking('policy_error', tool.path, complaintOf(end.code, json)));
  return json.ok ? json : fail(blocking('policy_malformed', tool.path, `its output ${json.failure.problem}`));
}

function complaintOf(code: number | null, json: Result<JsonValue, unknown>): string {
  const output = json.ok ? opaOutputSchema.safeParse(json.value) : null;
  const [error] = output?.data?.errors ?? [];
  const said = error === undefined ? '' : `: ${JSON.stringify(error).slice(0, 500)}`;
  return `expected exit code 0, got ${code}${said}`;
}

function decisionIn(value: JsonValue, { tool, manifest }: RegoRun): Result<PolicyDecision, GateDetail> {
  const output = opaOutputSchema.safeParse(value);
  if (!output.success) return fail(blocking('policy_malformed', tool.path, firstIssue(output.error)));
  const { result, errors } = output.data;
  if (errors !== undefined) {
    return fail(blocking('policy_error', tool.path, JSON.stringify(errors).slice(0, 500)));
  }
  const [first, second] = result ?? [];
  if (first === undefined) return fail(blocking('policy_undefined', QUERY, UNDEFINED, REMEDY));
  const [expression, another] = first.expressions;
  if (second !== undefined || another !== undefined || expression === undefined) {
    return fail(blocking('policy_malformed', QUERY, 'expected one value, got another number of them'));
  }
  const decision = parsePolicyDecision(expression.value);
  if (!decision.ok) return fail(blocking('policy_malformed', QUERY, `no decision: ${decision.failure}`));
  const version = manifest?.version ?? decision.value.policy_version;
  if (version !== decision.value.policy_version) {
    const message = `expected policy_version ${version}, got ${decision.value.policy_version}`;
    return fail(blocking('policy_malformed', 'policy.json', message));
  }
  return decision;
}

const UNDEFINED = 'the policy does not define it for this input';
const REMEDY = 'does the policy say "package orchestrator" and give gate a default?';
