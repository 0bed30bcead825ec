import { blocking, type GateDetail, type GateReading, noted } from '../../core/gates/gate-document.ts';
import type { ToolPlan } from '../../core/gates/gate-plan.ts';
import type { Result } from '../../core/result.ts';
import type { PolicyManifest } from '../../formats/policy-manifest.schema.ts';
import { manifestOf, type ReadPolicyFolder } from '../policy/policy-folder.ts';
import { type LoadedPolicy, objectionToInput, type PolicyQuestion } from '../policy/policy-question.ts';
import { noDecision, type PolicyOutcome, policyReading } from '../policy/policy-reading.ts';
import type { RunTool, ToolEnd } from '../run-tool.ts';

/** An executable, and what it is. */
export interface ToolIdentity {
  /** Absolute. */
  readonly path: string;
  /** Hex, of the file's content. */
  readonly sha256: string;
}

export interface RegoPorts {
  readonly readPolicyFolder: ReadPolicyFolder;
  readonly runTool: RunTool;
  /** Finds an executable and reads it whole; the failure is in words. */
  readonly identifyTool: (bin: string) => Result<ToolIdentity, string>;
  /** An existing folder that no stage can write to. */
  readonly scratch: string;
}

/** What an engine is run with. */
export interface RegoRun {
  readonly policy: LoadedPolicy;
  readonly manifest: PolicyManifest | null;
  readonly tool: ToolIdentity;
  readonly ports: RegoPorts;
}

/** One of the engines that are executed. */
export interface RegoEngine {
  readonly planOf: (asked: PolicyQuestion) => ToolPlan;
  readonly decide: (run: RegoRun) => Promise<PolicyOutcome>;
}

/** What both tools have in common: the policy, the executable that is pinned, and what is recorded. */
export async function readRegoGate(
  asked: PolicyQuestion,
  ports: RegoPorts,
  engine: RegoEngine,
): Promise<GateReading> {
  const { rules, source } = asked;
  const closed = (detail: GateDetail, digest: string | null = null): GateReading =>
    policyReading(asked, noDecision(detail, digest), rules.minRules);
  const objection = objectionToInput(asked);
  if (objection !== null) return closed(objection);
  const folder = await ports.readPolicyFolder(source);
  if (!folder.ok) return closed(blocking(folder.failure.code, source.dir, folder.failure.message));
  const { digest } = folder.value;
  const manifest = manifestOf(folder.value);
  if (!manifest.ok) return closed(manifest.failure, digest);
  const plan = engine.planOf(asked);
  const tool = ports.identifyTool(plan.bin);
  if (!tool.ok) return closed(blocking('policy_tool_missing', plan.bin, tool.failure), digest);
  if (plan.sha256 !== null && plan.sha256 !== tool.value.sha256) {
    const message = `expected SHA-256 ${plan.sha256}, got ${tool.value.sha256}`;
    return closed(blocking('policy_tool_differs', tool.value.path, message), digest);
  }
  const policy = { ...asked, folder: folder.value };
  const outcome = await engine.decide({ policy, manifest: manifest.value, tool: tool.value, ports });
  const used = noted('policy_tool', tool.value.path, `SHA-256 ${tool.value.sha256}`);
  const minRules = Math.max(rules.minRules, manifest.value?.min_rules ?? 1);
  return policyReading(asked, { ...outcome, details: [...outcome.details, used] }, minRules);
}

/** Why the end of a tool leaves nothing to read; null when there is an output to be read. */
export function objectionToEnd(bin: string, end: ToolEnd): GateDetail | null {
  switch (end.kind) {
    case 'exited':
      return null;
    case 'timed-out':
      return blocking('policy_timeout', bin, 'expected a decision within its time limit');
    case 'spawn-failed':
      return blocking('policy_tool_missing', bin, 'it cannot be started');
    case 'too-much':
      return blocking('policy_malformed', bin, 'it prints more than is read');
    default:
      return blocking('policy_error', bin, 'it was ended by a signal');
  }
}
