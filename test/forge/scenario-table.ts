/**
 * Writes docs/gates-scenarios.md: what each scenario of the forge shows, and the verdict that it must give.
 *
 *     node test/forge/scenario-table.ts
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadScenario, type Scenario, scenarioNames } from './scenario.ts';

/** The page that is kept equal to the scenarios. */
export const TABLE_FILE = join(import.meta.dirname, '../../docs/gates-scenarios.md');

const PARTS = [
  { prefix: 'github-ci-', title: '`ci` on GitHub' },
  { prefix: 'github-review-', title: '`review` on GitHub' },
  { prefix: 'gitlab-ci-', title: '`ci` on GitLab' },
  { prefix: 'gitlab-review-', title: '`review` on GitLab' },
] as const;

/** The whole page. */
export function scenarioTable(): string {
  const scenarios = scenarioNames().map((name) => ({ name, scenario: loadScenario(name) }));
  const passing = scenarios.filter(({ scenario }) => scenario.verdict.passed).length;
  const parts = PARTS.map(({ prefix, title }) => {
    const rows = scenarios
      .filter(({ name }) => name.startsWith(prefix))
      .map(({ name, scenario }) => rowOf(name.slice(prefix.length), scenario));
    const head = ['| scenario | what it shows | verdict | codes |', '| --- | --- | --- | --- |'];
    return [`## ${title}`, '', `\`${prefix}…\``, '', ...head, ...rows].join('\n');
  });
  return `${[introduction(scenarios.length, passing), ...parts].join('\n\n')}\n`;
}

function introduction(count: number, passing: number): string {
  return [
    '# Scenarios of the gates',
    '',
    `What a forge can say, and the verdict that the gate gives: ${count} scenarios, ${passing} of which pass. Each is a file`,
    'in [test/forge/scenarios](../test/forge/scenarios/) and a test: the reader that is in the executable asks a forge on',
    'loopback. *waits* means that the gate can still open by itself: it is asked again until the deadline, then it blocks.',
    '',
    'To look at one: `node test/forge/serve.ts --scenario github-ci-flaky` prints the base URLs of both APIs.',
    'This page is generated: `node test/forge/scenario-table.ts`.',
  ].join('\n');
}

function rowOf(name: string, { shows, verdict }: Scenario): string {
  const { passed, waits, status, codes, noted } = verdict;
  const word = passed ? `**passes** (\`${status}\`)` : `${waits ? 'waits' : 'blocks'} (\`${status}\`)`;
  const blocking = codes.map((code) => `\`${code}\``);
  const recorded = noted.map((code) => `recorded: \`${code}\``);
  return `| ${name} | ${shows.replaceAll('|', '\\|')} | ${word} | ${[...blocking, ...recorded].join(', ')} |`;
}

if (import.meta.main) writeFileSync(TABLE_FILE, scenarioTable());
