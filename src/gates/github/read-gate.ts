import type { GateName } from '../../core/gates/gate.ts';
import {
  blocking,
  closedDocument,
  type GateDocument,
  type GateReading,
  unknownCode,
} from '../../core/gates/gate-document.ts';
import type { GateQuestion } from '../../core/gates/gate-question.ts';
import type { Result } from '../../core/result.ts';
import { sha256 } from '../../formats/sha256.ts';
import type { CallFailure } from './call-failure.ts';
import type { Evaluate, Evaluation, FreshnessPlan } from './evaluation.ts';
import { clockTime } from './judge-answer.ts';
import { type GithubPorts, pollMsOf, type ReadPurpose } from './ports.ts';
import { type ReadSession, read } from './reader.ts';
import { canonical } from './same-forge.ts';
import { exchangeAnswers, takePollTurn } from './shared-answers.ts';

/** One gate that is to be read. */
export interface AskedGate {
  readonly question: GateQuestion;
  readonly source: string;
  readonly ports: GithubPorts;
  readonly evaluate: Evaluate;
}

type Evaluated = Result<Evaluation, CallFailure>;

const CLOSING: FreshnessPlan = { judged: 'now', context: 'recent' };
const FIRST: FreshnessPlan = { judged: 'shared', context: 'shared' };
const WAITING: FreshnessPlan = { judged: 'remembered', context: 'remembered' };

/**
 * Reads one gate. What is remembered can only say "not yet": as soon as it says anything else, the forge is asked again,
 * and that answer is the reading.
 */
export async function readGate(asked: AskedGate, purpose: ReadPurpose): Promise<GateReading> {
  const session: ReadSession = { ...asked.ports, used: new Map() };
  await exchangeAnswers(session);
  const waitedBefore = session.memory.open.get(keyOf(asked));
  const evaluated = await evaluateFor(asked, session, purpose, waitedBefore);
  remember(asked, evaluated);
  await exchangeAnswers(session);
  return readingOf(asked, session, evaluated, waitedBefore !== undefined);
}

async function evaluateFor(
  { evaluate }: AskedGate,
  session: ReadSession,
  purpose: ReadPurpose,
  watch: readonly string[] | undefined,
): Promise<Evaluated> {
  if (purpose === 'waiting') {
    const trusted = watch === undefined || (await poll(session, watch));
    const remembered = trusted ? await evaluate(session, watch === undefined ? FIRST : WAITING) : null;
    if (remembered?.ok === true && remembered.value.verdict.verdict === 'pending') return remembered;
    if (remembered?.ok === false && watch === undefined) return remembered;
    session.used.clear();
  }
  return evaluate(session, CLOSING);
}

/** Polls if it is this run's turn. False where the forge refused, or said what nobody can trust. */
async function poll(session: ReadSession, watch: readonly string[]): Promise<boolean> {
  const url = await takePollTurn(session, watch);
  if (url === null) return true;
  const answer = await read(session, { call: 'poll', needs: 'read', url, freshness: 'now' });
  return answer.ok || answer.failure.kind === 'transient' || answer.failure.kind === 'limited';
}

function keyOf({ question, source }: AskedGate): string {
  return JSON.stringify([question.gate, source, question.subject.head_sha]);
}

function remember(asked: AskedGate, evaluated: Evaluated): void {
  const { open } = asked.ports.memory;
  if (!evaluated.ok) return;
  if (evaluated.value.verdict.verdict === 'pending')
    open.set(keyOf(asked), evaluated.value.watch.map(canonical));
  else open.delete(keyOf(asked));
}

function readingOf(
  asked: AskedGate,
  session: ReadSession,
  evaluated: Evaluated,
  waitedBefore: boolean,
): GateReading {
  const { memory, clock } = session;
  const limitMs = Math.max(0, memory.limitedUntilMs - clock.now());
  if (!evaluated.ok) return failedReading(asked, evaluated.failure, waitedBefore, limitMs);
  const { verdict } = evaluated.value;
  const document = documentOf(asked, session, evaluated.value);
  if (verdict.verdict !== 'pending') return { document, waitsFor: null, retryAfterMs: null };
  const pause = limitMs > 0 ? ` (GitHub's rate limit until ${clockTime(memory.limitedUntilMs)})` : '';
  return {
    document,
    waitsFor: `${verdict.waitsFor ?? 'the forge'}${pause}`,
    retryAfterMs: Math.max(limitMs, pollMsOf(asked.ports)),
  };
}

/** A failure that may pass by itself is waited for where it interrupts a wait; a pause that was asked for always is. */
function failedReading(
  { question, source, ports }: AskedGate,
  failure: CallFailure,
  waitedBefore: boolean,
  limitMs: number,
): GateReading {
  const { gate, subject, nowSecs } = question;
  const detail = blocking(unknownCode(gate), source, failure.message.slice(0, 1000), failure.remedy);
  const document = closedDocument(gate, source, [detail], subject, nowSecs);
  const waits = failure.kind === 'limited' || (failure.kind === 'transient' && waitedBefore);
  if (!waits) return { document, waitsFor: null, retryAfterMs: null };
  const until =
    failure.retryAtMs === null
      ? 'an answer of GitHub'
      : `GitHub's rate limit until ${clockTime(failure.retryAtMs)}`;
  return {
    document: gate === 'ci' ? { ...document, status: 'pending' } : document,
    waitsFor: until,
    retryAfterMs: failure.kind === 'limited' ? limitMs : pollMsOf(ports),
  };
}

function documentOf(
  { question, source }: AskedGate,
  session: ReadSession,
  evaluation: Evaluation,
): GateDocument {
  const { verdict, notEvaluated } = evaluation;
  const passed = verdict.verdict === 'pass';
  const used = [...session.used].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    gate: question.gate,
    status: statusOf(question.gate, evaluation),
    passed,
    source,
    details: verdict.details,
    not_evaluated: notEvaluated,
    subject: question.subject,
    evaluated_at_unix_secs: question.nowSecs,
    inputs_digest: sha256(JSON.stringify(used)),
  };
}

/** In document 004's words. */
function statusOf(gate: GateName, { verdict }: Evaluation): string {
  if (gate === 'ci') {
    return verdict.verdict === 'pass' ? 'success' : verdict.verdict === 'pending' ? 'pending' : 'failure';
  }
  if (verdict.verdict === 'pass') return 'approved';
  return verdict.details.some((detail) => detail.code === 'changes_requested')
    ? 'changes_requested'
    : 'missing';
}
