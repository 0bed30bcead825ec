/**
 * A forge to try things against:
 *
 *     node test/forge/serve.ts --scenario github-ci-passes [--port N] [--repository BARE]
 *
 * Prints the base URLs of both APIs, then runs until it gets a signal. The token is `forge-token`.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadScenario, scenarioNames } from './scenario.ts';
import { startForge } from './server.ts';

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', default: 'github-ci-passes' },
    port: { type: 'string', default: '0' },
    repository: { type: 'string' },
  },
});
if (!scenarioNames().includes(values.scenario)) {
  throw new Error(`--scenario: there is no ${values.scenario}; there are ${scenarioNames().join(', ')}`);
}
const scenario = loadScenario(values.scenario);
const repository = values.repository === undefined ? scenario.repository : resolve(values.repository);
const forge = await startForge({ ...scenario, repository }, { port: Number(values.port) });
console.log(`github ${forge.github}\ngitlab ${forge.gitlab}`);
const stop = (): void => void forge.close();
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
