import { blocking, closedDocument, type GateReading, unknownCode } from '../../core/gates/gate-document.ts';
import type { CiRules, ReviewRules } from '../../core/gates/gate-plan.ts';
import type { GateQuestion } from '../../core/gates/gate-question.ts';
import { evaluateCi } from './evaluate-ci.ts';
import { evaluateReview } from './evaluate-review.ts';
import type { Evaluate } from './evaluation.ts';
import { type GithubSource, isName, type PullPlace } from './place.ts';
import type { GithubPorts, ReadPurpose } from './ports.ts';
import { readGate } from './read-gate.ts';

/** What a gate on GitHub is read with, beside its rules. */
export interface GithubReading {
  readonly question: GateQuestion;
  /** `number` is set: a caller that delivers puts in the number of what it opened. */
  readonly source: GithubSource;
  readonly ports: GithubPorts;
  readonly purpose: ReadPurpose;
}

/** The ci gate of a pull request (spec/gates.md, section 1). Whatever goes wrong is a document that blocks. */
export function readGithubCi(reading: GithubReading, rules: CiRules): Promise<GateReading> {
  return readPlace(reading, (place) => evaluateCi(place, rules));
}

/** The review gate of a pull request (spec/gates.md, section 2). Whatever goes wrong is a document that blocks. */
export function readGithubReview(reading: GithubReading, rules: ReviewRules): Promise<GateReading> {
  return readPlace(reading, (place) => evaluateReview(place, rules));
}

async function readPlace(
  { question, source, ports, purpose }: GithubReading,
  evaluateAt: (place: PullPlace) => Evaluate,
): Promise<GateReading> {
  const sha = question.subject.head_sha;
  const { owner, repo, number } = source;
  if (sha === null || !/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(sha)) {
    return nothingToAsk(
      question,
      source,
      'it is not known which commit was pushed',
      'name it, or let the run deliver the change',
    );
  }
  if (!isName(owner) || !isName(repo)) {
    return nothingToAsk(question, source, 'this is no name of a repository', 'write it as owner/repository');
  }
  if (number === null) {
    return nothingToAsk(
      question,
      source,
      'there is no pull request yet',
      'name one, or let the run open one',
    );
  }
  const evaluate = evaluateAt({ owner, repo, number, sha });
  return readGate({ question, source: source.text, ports, evaluate }, purpose);
}

function nothingToAsk(
  { gate, subject, nowSecs }: GateQuestion,
  source: GithubSource,
  message: string,
  remedy: string,
): GateReading {
  const detail = blocking(unknownCode(gate), source.text, message, remedy);
  return { document: closedDocument(gate, source.text, [detail], subject, nowSecs), waitsFor: null };
}
