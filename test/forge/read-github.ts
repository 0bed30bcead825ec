import type { GateReading } from '../../src/core/gates/gate-document.ts';
import { productModule } from './product.ts';
import type { Scenario } from './scenario.ts';
import { questionOf, type Reach, type Reader } from './verdict.ts';

type Memory = typeof import('../../src/gates/github/memory.ts');
type ReadGithub = typeof import('../../src/gates/github/read-github.ts');

const { newGithubMemory }: Memory = await import(productModule('src/gates/github/memory.ts'));
const { readGithubCi, readGithubReview }: ReadGithub = await import(
  productModule('src/gates/github/read-github.ts')
);

/** The product's word on GitHub scenarios; one memory for all that this reader is asked, as one run has. */
export function githubReader(): Reader {
  const memory = newGithubMemory();
  return (scenario: Scenario, reach: Reach): Promise<GateReading> => {
    const [owner = '', repo = ''] = scenario.github.repo.split('/');
    const { number } = scenario.github.pull;
    const text = `github:${owner}/${repo}#${number}`;
    const question = questionOf(scenario, Math.floor(reach.now() / 1000));
    const ports = {
      ...{ fetch: reach.fetch, token: scenario.token.value, baseUrl: reach.github, signal: reach.signal },
      ...{ clock: { now: reach.now, monotonic: reach.now }, cacheFile: null, memory },
    };
    const source = { kind: 'github', text, owner, repo, number } as const;
    const reading = { question, source, ports, purpose: 'closing' } as const;
    return scenario.verdict.gate === 'ci'
      ? readGithubCi(reading, scenario.ci)
      : readGithubReview(reading, scenario.review);
  };
}
