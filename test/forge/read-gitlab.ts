import type { GateReading } from '../../src/core/gates/gate-document.ts';
import { productModule } from './product.ts';
import type { Scenario } from './scenario.ts';
import { questionOf, type Reach, type Reader } from './verdict.ts';

type ReadCi = typeof import('../../src/gates/gitlab/read-ci.ts');
type ReadReview = typeof import('../../src/gates/gitlab/read-review.ts');

const { readGitlabCi }: ReadCi = await import(productModule('src/gates/gitlab/read-ci.ts'));
const { readGitlabReview }: ReadReview = await import(productModule('src/gates/gitlab/read-review.ts'));

type Memory = typeof import('../../src/gates/gitlab/memory.ts');
const { newGitlabMemory }: Memory = await import(productModule('src/gates/gitlab/memory.ts'));

/** The product's word on GitLab scenarios; one memory for all that this reader is asked, as one run has. */
export function gitlabReader(): Reader {
  const memory = newGitlabMemory();
  return (scenario, reach) => readGitlab(scenario, reach, memory);
}

function readGitlab(
  scenario: Scenario,
  reach: Reach,
  memory: ReturnType<Memory['newGitlabMemory']>,
): Promise<GateReading> {
  const { project, mergeRequest } = scenario.gitlab;
  const text = `gitlab:${project}!${mergeRequest.iid}`;
  const source = { kind: 'gitlab', text, project, number: mergeRequest.iid } as const;
  const question = questionOf(scenario, Math.floor(reach.now() / 1000));
  const ports = {
    ...{ fetch: reach.fetch, token: scenario.token.value, baseUrl: reach.gitlab, signal: reach.signal },
    ...{ clock: { now: reach.now, monotonic: reach.now }, memory },
  };
  return scenario.verdict.gate === 'ci'
    ? readGitlabCi(question, source, scenario.ci, ports)
    : readGitlabReview(question, source, scenario.review, ports);
}
