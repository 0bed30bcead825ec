import { blocking, type GateReading, noted } from '../../core/gates/gate-document.ts';
import type { PolicyManifest } from '../../formats/policy-manifest.schema.ts';
import { manifestOf, type ReadPolicyFolder, versionOf } from '../policy/policy-folder.ts';
import { type LoadedPolicy, objectionToInput, type PolicyQuestion } from '../policy/policy-question.ts';
import { noDecision, type PolicyOutcome, policyReading } from '../policy/policy-reading.ts';
import type { CedarEngine } from './engine.ts';
import { evaluate } from './evaluate.ts';
import { preparePolicies } from './policy-set.ts';

/** Milliseconds for one decision, however many paths it judges. */
const DECISION_LIMIT_MS = 10_000;

export interface CedarPorts {
  readonly readPolicyFolder: ReadPolicyFolder;
  /** Starts the engine, once: see `startCedar`. May reject. */
  readonly loadCedar: () => Promise<CedarEngine>;
  /** Milliseconds of a clock that only goes forward. */
  readonly monotonicMs: () => number;
}

/** Lets the Cedar policies of a folder decide. Whatever keeps them from it blocks. */
export async function readCedarGate(asked: PolicyQuestion, ports: CedarPorts): Promise<GateReading> {
  const { rules, source } = asked;
  const objection = objectionToInput(asked);
  if (objection !== null) return policyReading(asked, noDecision(objection), rules.minRules);
  const folder = await ports.readPolicyFolder(source);
  if (!folder.ok) {
    const { code, message } = folder.failure;
    return policyReading(asked, noDecision(blocking(code, source.dir, message)), rules.minRules);
  }
  const manifest = manifestOf(folder.value);
  if (!manifest.ok) {
    return policyReading(asked, noDecision(manifest.failure, folder.value.digest), rules.minRules);
  }
  const outcome = await decide({ ...asked, folder: folder.value }, manifest.value, ports);
  return policyReading(asked, outcome, Math.max(rules.minRules, manifest.value?.min_rules ?? 1));
}

async function decide(
  policy: LoadedPolicy,
  manifest: PolicyManifest | null,
  ports: CedarPorts,
): Promise<PolicyOutcome> {
  const { digest } = policy.folder;
  const engine = await load(ports);
  if (typeof engine === 'string') return noDecision(blocking('policy_error', null, engine), digest);
  const policies = preparePolicies(engine, policy.folder);
  if (!policies.ok) return noDecision(policies.failure, digest);
  const started = ports.monotonicMs();
  const { decision, details } = evaluate({
    engine,
    policies: policies.value,
    input: policy.input,
    version: versionOf(policy.folder, manifest),
    isOver: () => ports.monotonicMs() - started > DECISION_LIMIT_MS,
  });
  const warnings = policies.value.warnings.map((warning) => noted('policy_warning', null, warning));
  const notEvaluated = policies.value.notRead.map((name) => `${name} is no part of a Cedar policy`);
  return { decision, details: [...details, ...warnings], notEvaluated, policyDigest: digest };
}

async function load(ports: CedarPorts): Promise<CedarEngine | string> {
  try {
    return await ports.loadCedar();
  } catch (error) {
    return `Cedar cannot be started: ${error instanceof Error ? error.message : String(error)}`.slice(0, 500);
  }
}
