import { type SchemaName, schemaId, schemaNames } from '../../formats/published-schemas.ts';
import { table } from './generated-part.ts';

/** What each document is, and who writes it. */
const WHAT: Readonly<Record<SchemaName, string>> = {
  config: 'the [config file](config.md), written by you',
  'run-report': '`orchestrator_run_report.json`: what a run did and how it ended',
  checkpoint: '`orchestrator_checkpoint.json`: the state of a run, from which `--resume` goes on',
  'audit-record': 'one line of `audit.jsonl`',
  'planning-context': 'facts of the repository for the manager, written for `--planning-context-artifact`',
  'plan-scope':
    'what a plan declares to change, [written by the manager](gates-scope.md#what-a-plan-declares)',
  'reviewer-report': 'the verdict of a reviewer, [written by it](agents.md#the-prompt)',
  'observation-line': 'one line of a run with `--json`',
  'policy-input': 'what a [policy engine](gates-policy.md) is told',
  'policy-decision': 'what a [policy engine](gates-policy.md) must answer',
  'gate-question': 'what a [`command:` source](gates.md#a-command) is asked',
  'gate-document': 'what a source says of a gate; a [`command:` source](gates.md#a-command) must print one',
  'run-report-statement': 'what is [signed](signing.md) of a run',
  approval: 'what [`approve`](signing.md#approve-a-run) signs',
  'doctor-report': 'what [`doctor --json`](doctor.md) prints',
  explanation: 'what [`explain --json`](report.md) prints',
  verification: 'what [`verify --json`](report.md) prints',
  'run-list': 'what [`list --json`](housekeeping.md) prints',
  'run-diff': 'what [`diff --json`](housekeeping.md) prints',
  'cleaned-runs': 'what [`clean --json`](housekeeping.md) prints',
};

/** Every published schema: its name, its identifier, what it is of, and the file. */
export function schemaTable(): string {
  return table(
    ['name', 'of', 'identifier', 'file'],
    schemaNames().map((name) => [
      `\`${name}\``,
      WHAT[name],
      `\`${schemaId(name)}\``,
      `[${name}.schema.json](../schemas/${name}.schema.json)`,
    ]),
  );
}
