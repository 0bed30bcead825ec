import { blocking, type GateDetail, type GateReading, noted } from '../../core/gates/gate-document.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { type ConftestEntry, conftestOutputSchema } from '../../formats/engine-output.schema.ts';
import { firstIssue } from '../../formats/policy-decision.schema.ts';
import { serialisePolicyInput } from '../../formats/policy-input.ts';
import { parseStrictJson } from '../../formats/strict-json.ts';
import { versionOf } from '../policy/policy-folder.ts';
import type { PolicyQuestion } from '../policy/policy-question.ts';
import { noDecision, type PolicyOutcome } from '../policy/policy-reading.ts';
import type { ToolEnd } from '../run-tool.ts';
import { namedForbidden } from './forbidden-builtins.ts';
import { objectionToEnd, type RegoPorts, type RegoRun, readRegoGate } from './rego-gate.ts';
import { inToolFolder, regoFilesOf } from './tool-folder.ts';

const NAMESPACE = 'orchestrator';
const INPUT = 'input.json';
const LIMIT_MS = 15_000;
const MAX_BYTES = 4 * 1024 * 1024;
/** Findings of each kind that are told one by one. */
const TOLD = 100;

/**
 * Lets the Rego policy of a folder decide, by `conftest test`. The verdict is in its output: failures deny, nothing
 * evaluated blocks, exceptions and warnings are recorded. Its exit code can only close the gate.
 */
export function readConftestGate(asked: PolicyQuestion, ports: RegoPorts): Promise<GateReading> {
  return readRegoGate(asked, ports, { planOf: ({ rules }) => rules.conftest, decide });
}

async function decide(run: RegoRun): Promise<PolicyOutcome> {
  const { policy, ports, tool } = run;
  const { digest } = policy.folder;
  const files = new Map<string, Uint8Array | string>([[INPUT, serialisePolicyInput(policy.input)]]);
  for (const [name, bytes] of regoFilesOf(policy.folder)) {
    const forbidden = name.endsWith('.rego') ? namedForbidden(Buffer.from(bytes).toString('utf8')) : null;
    if (forbidden !== null) return noDecision(blocking('policy_forbidden_builtin', name, forbidden), digest);
    files.set(`policy/${name}`, bytes);
  }
  if (files.size === 1) {
    return noDecision(
      blocking('policy_no_rules', policy.source.dir, 'expected .rego files, got none'),
      digest,
    );
  }
  const end = await inToolFolder(ports.scratch, files, (cwd) =>
    ports.runTool({
      bin: tool.path,
      args: ['test', '-o', 'json', '--namespace', NAMESPACE, '-p', 'policy', INPUT],
      stdin: '',
      env: {},
      cwd,
      timeoutMs: LIMIT_MS,
      maxBytes: MAX_BYTES,
    }),
  );
  if (!end.ok) return noDecision(end.failure, digest);
  const entries = entriesIn(end.value, tool.path);
  return entries.ok ? outcomeOf(entries.value, end.value, run) : noDecision(entries.failure, digest);
}

function entriesIn(end: ToolEnd, about: string): Result<readonly ConftestEntry[], GateDetail> {
  const objection = objectionToEnd(about, end);
  if (objection !== null) return fail(objection);
  if (end.code !== 0 && end.code !== 1) {
    return fail(blocking('policy_error', about, `expected exit code 0 or 1, got ${end.code}`));
  }
  const json = parseStrictJson(end.stdout);
  if (!json.ok) {
    const code = end.code === 0 ? 'policy_malformed' : 'policy_error';
    return fail(blocking(code, about, `its output ${json.failure.problem}`));
  }
  const parsed = conftestOutputSchema.safeParse(json.value);
  if (!parsed.success) return fail(blocking('policy_malformed', about, firstIssue(parsed.error)));
  const stranger = parsed.data.find(
    ({ filename, namespace }) => filename !== INPUT || namespace !== NAMESPACE,
  );
  if (stranger !== undefined) {
    return fail(blocking('policy_malformed', about, `expected ${INPUT} under ${NAMESPACE} only`));
  }
  return ok(parsed.data);
}

function outcomeOf(entries: readonly ConftestEntry[], end: ToolEnd, run: RegoRun): PolicyOutcome {
  const { folder } = run.policy;
  const all = (key: 'failures' | 'warnings' | 'exceptions' | 'skipped') =>
    entries.flatMap((entry) => entry[key] ?? []);
  const [failures, warnings, exceptions, skipped] = [
    all('failures'),
    all('warnings'),
    all('exceptions'),
    all('skipped'),
  ];
  const successes = entries.reduce((sum, entry) => sum + entry.successes, 0);
  const contradicts = end.code === 1 && failures.length === 0;
  return {
    decision: {
      allow: end.code === 0 && failures.length === 0,
      deny: failures.slice(0, TOLD).map(({ msg }) => ({ code: 'failure', msg: msg.slice(0, 2_000) })),
      policy_version: versionOf(folder, run.manifest),
      rules_evaluated: successes + failures.length + warnings.length + exceptions.length,
    },
    details: [
      ...(contradicts
        ? [blocking('policy_error', run.tool.path, 'exit code 1, and no failure is told')]
        : []),
      ...warnings.slice(0, TOLD).map(({ msg }) => noted('policy_warning', null, msg.slice(0, 2_000))),
      ...exceptions.slice(0, TOLD).map(({ msg }) => noted('policy_exception', null, msg.slice(0, 2_000))),
    ],
    notEvaluated: skipped.slice(0, TOLD).map(({ msg }) => `skipped: ${msg.slice(0, 500)}`),
    policyDigest: folder.digest,
  };
}
