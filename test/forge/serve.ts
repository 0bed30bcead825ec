/**
 * A forge to try things against:
 *
 *     node test/forge/serve.ts --scenario github-ci-passes [--port N] [--repository BARE]
 *     node test/forge/serve.ts --file scenario.json …
 *
 * Prints the base URLs of both APIs, then runs until it gets a signal. The token is `forge-token`.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadScenario, readScenario, scenarioNames } from './scenario.ts';
import { startForge } from './server.ts';

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', default: 'github-ci-passes' },
    file: { type: 'string' },
    port: { type: 'string', default: '0' },
    repository: { type: 'string' },
  },
});
if (values.file === undefined && !scenarioNames().includes(values.scenario)) {
  throw new Error(`--scenario: there is no ${values.scenario}; there are ${scenarioNames().join(', ')}`);
}
const scenario =
  values.file === undefined
    ? loadScenario(values.scenario)
    : readScenario(JSON.parse(readFileSync(values.file, 'utf8')));
const repository = values.repository === undefined ? scenario.repository : resolve(values.repository);
const forge = await startForge({ ...scenario, repository }, { port: Number(values.port) });
console.log(`github ${forge.github}\ngitlab ${forge.gitlab}`);
const stop = (): void => void forge.close();
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
