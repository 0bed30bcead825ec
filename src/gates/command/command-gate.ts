import type { GateCode } from '../../core/gates/gate-codes.ts';
import { blocking, closedDocument, type GateReading } from '../../core/gates/gate-document.ts';
import type { GateSource } from '../../core/gates/gate-plan.ts';
import type { GateQuestion } from '../../core/gates/gate-question.ts';
import { parseGateDocument } from '../../formats/gate-document.schema.ts';
import { serialiseGateQuestion } from '../../formats/gate-question.schema.ts';
import { judgeGateDocument } from '../judge-gate-document.ts';
import { describeEnd, type RunTool } from '../run-tool.ts';

const MAX_BYTES = 1024 * 1024;

export type CommandSource = Extract<GateSource, { readonly kind: 'command' }>;

export interface CommandPorts {
  readonly runTool: RunTool;
  /** Milliseconds for one start of the executable. */
  readonly timeoutMs: number;
  /** Unix seconds, read when the executable has ended. */
  readonly nowSecs: () => number;
}

/**
 * Asks an executable: the question on its standard input, a gate document on its standard output. It opens the gate
 * only with exit code 0 and a valid, fresh document about this question; silence is no pass.
 */
export async function readCommandGate(
  question: GateQuestion,
  source: CommandSource,
  ports: CommandPorts,
): Promise<GateReading> {
  const end = await ports.runTool({
    bin: source.bin,
    args: [],
    stdin: serialiseGateQuestion(question),
    env: null,
    cwd: null,
    timeoutMs: ports.timeoutMs,
    maxBytes: MAX_BYTES,
  });
  const nowSecs = ports.nowSecs();
  const closed = (code: GateCode, message: string): GateReading => ({
    document: closedDocument(
      question.gate,
      source.text,
      [
        blocking(
          code,
          source.bin,
          message,
          `run ${source.bin} by hand with a question on stdin; what it printed is in logs/gate-${question.gate}.*`,
        ),
      ],
      question.subject,
      nowSecs,
    ),
    waitsFor: null,
  });
  if (end.kind !== 'exited' || end.code !== 0) {
    const code = end.kind === 'timed-out' ? 'command_timeout' : 'command_failed';
    return closed(code, `expected exit code 0, got ${describeEnd(end)}${lastWords(end.stderr)}`);
  }
  if (end.stdout.length === 0) return closed('document_missing', 'expected a gate document, got no output');
  const theirs = parseGateDocument(end.stdout);
  if (!theirs.ok)
    return closed('document_malformed', `what it printed is no gate document: ${theirs.failure}`);
  const rules = { source: source.text, notBeforeSecs: question.nowSecs, nowSecs };
  const { document, sound } = judgeGateDocument(question, theirs.value, rules);
  const waits = sound && question.gate === 'ci' && document.status === 'pending';
  return { document, waitsFor: waits ? `${source.bin}: ci pending` : null };
}

/** The last line that it wrote on stderr, bounded; who reads it makes it harmless. */
function lastWords(stderr: Uint8Array): string {
  const line = Buffer.from(stderr).toString('utf8').trim().split('\n').at(-1)?.trim() ?? '';
  return line === '' ? '' : `; it said: ${line.slice(0, 300).toWellFormed()}`;
}
