import { flattenConfig } from './flatten-config.ts';
import type { GateDecision, InvocationRecord, StageExecution } from './records.ts';
import type { RunDocument } from './run-document.ts';

/** What two runs are compared in, in the order in which it is told. */
export const COMPARED = [
  'outcome',
  'configuration',
  'repository',
  'stages',
  'gates',
  'artifacts',
  'invocations',
] as const;
export type Compared = (typeof COMPARED)[number];

/** One thing that is not the same; null where one of the two does not have it. Raw text. */
export interface Difference {
  readonly section: Compared;
  readonly what: string;
  readonly a: string | null;
  readonly b: string | null;
}

/** The facts of one run by name; two runs are alike in a section where these are. */
type Facts = ReadonlyMap<string, string>;

/**
 * Compares two runs by what they were asked and what came of it. Times, ids and process numbers differ always and
 * are left out; so is argv, of which the configuration is what counts. Secrets are masked in both already: two
 * different ones look alike.
 */
export function compareRuns(a: RunDocument, b: RunDocument): readonly Difference[] {
  return COMPARED.flatMap((section) => differences(section, FACTS[section](a), FACTS[section](b)));
}

const FACTS: Readonly<Record<Compared, (run: RunDocument) => Facts>> = {
  outcome: outcomeOf,
  configuration: (run) => flattenConfig(run.config).facts,
  repository: repositoryOf,
  stages: stagesOf,
  gates: gatesOf,
  artifacts: (run) => new Map(run.artifacts.map((one) => [one.path, one.sha256])),
  invocations: invocationsOf,
};

function differences(section: Compared, a: Facts, b: Facts): readonly Difference[] {
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((what) => a.get(what) !== b.get(what))
    .map((what) => ({ section, what, a: a.get(what) ?? null, b: b.get(what) ?? null }));
}

function outcomeOf(run: RunDocument): Facts {
  const { failure } = run;
  return new Map([
    ['state', run.state.status],
    ...(failure === null ? [] : [['failure', `${failure.reason}: ${failure.message}`] as const]),
    ...(run.blocked_reason_codes.length === 0
      ? []
      : [['blocked by', run.blocked_reason_codes.join(', ')] as const]),
    ['isolation', run.isolation],
  ]);
}

function repositoryOf(run: RunDocument): Facts {
  const { repo } = run;
  const facts: readonly (readonly [string, string | null])[] = [
    ['base', repo.base],
    ['head', repo.head],
    ['content tree', repo.tree_digest],
  ];
  return new Map(facts.flatMap(([what, value]) => (value === null ? [] : [[what, value] as const])));
}

/** Per step: what became of its last attempt, how many there were, and what was started. */
function stagesOf(run: RunDocument): Facts {
  const started = run.stage_executions.filter((one) => one.status !== 'skipped');
  const facts = new Map<string, string>();
  const attempts = new Map<string, number>();
  for (const one of started) {
    const step = one.stage === one.step ? one.stage : `${one.stage} (${one.step})`;
    const count = (attempts.get(step) ?? 0) + 1;
    attempts.set(step, count);
    const times = one.command === null ? '' : `, ${count === 1 ? '1 attempt' : `${count} attempts`}`;
    facts.set(step, `${one.status}${endOf(one)}${times}`);
    if (one.binary !== null) facts.set(`${step} binary`, `${one.binary.path} sha256 ${one.binary.sha256}`);
    if (one.script !== null) facts.set(`${step} script`, `${one.script.path} sha256 ${one.script.sha256}`);
  }
  return facts;
}

function endOf(execution: StageExecution): string {
  if (execution.signal !== null) return `, ${execution.signal}`;
  return execution.exit_code === null ? '' : `, exit ${execution.exit_code}`;
}

function gatesOf(run: RunDocument): Facts {
  return new Map(run.gate_decisions.map((one) => [one.gate, describeGate(one)]));
}

function describeGate(decision: GateDecision): string {
  const verdict = decision.passed ? 'passed' : `closed, ${decision.reason_code ?? 'no code'}`;
  const details = decision.details.length === 0 ? '' : ` (${decision.details.join(', ')})`;
  return `${decision.status} by ${decision.source}: ${verdict}${details}`;
}

function invocationsOf(run: RunDocument): Facts {
  return new Map([
    ['count', String(run.invocations.length)],
    ...run.invocations.map((one, index) => [String(index + 1), describeInvocation(one)] as const),
  ]);
}

function describeInvocation(one: InvocationRecord): string {
  const changes = one.changes.length === 0 ? '' : `; changed: ${one.changes.join(', ')}`;
  const kind = one.resumed ? 'resumed' : 'fresh';
  return `${kind}, version ${one.version}, ended by ${one.ended_by ?? 'nothing that was told'}${changes}`;
}
