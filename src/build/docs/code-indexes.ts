import { docsPage } from '../../core/docs-page.ts';
import { EXIT, exitCodeOfFailure } from '../../core/exit-code.ts';
import { FAILURE_REASONS, type FailureReason, failure } from '../../core/failure.ts';
import { GATE_ORDER, REASON_CODES, reasonCodeOf } from '../../core/gates/gate.ts';
import { DECISION_CODES, GATE_CODES } from '../../core/gates/gate-codes.ts';
import { EXECUTION_STATUSES } from '../../core/records.ts';
import { table } from './generated-part.ts';

const MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  done: 'done: the run is closure-ready',
  failed: 'failed, or evidence that cannot be trusted or written',
  usage: 'usage: a flag, the config file or a precondition; nothing was run and nothing written',
  blocked: 'blocked: a gate did not pass, or something changed since validation',
  locked: 'another process holds this out_dir',
  timeout: 'timeout, of one binary or of the run',
  sighup: 'interrupted by SIGHUP',
  sigint: 'interrupted by SIGINT',
  sigterm: 'interrupted by SIGTERM',
};

/** Each exit code with its meaning, a link to its section, and the failures that give it. */
export function exitCodeTable(): string {
  const names = [
    'done',
    'failed',
    'usage',
    'blocked',
    'locked',
    'timeout',
    'sighup',
    'sigint',
    'sigterm',
  ] as const;
  return table(
    ['code', 'meaning', 'failures'],
    names.map((name) => {
      const reasons = FAILURE_REASONS.filter((reason) => exitCodesOf(reason).includes(EXIT[name]));
      return [`[${EXIT[name]}](#exit-${EXIT[name]})`, MEANINGS[name], reasons.map(failureLink).join(', ')];
    }),
  );
}

/** Each reason code with the gate that gives it. */
export function reasonCodeIndex(): string {
  return table(
    ['code', 'given by'],
    Object.values(REASON_CODES).map((code) => {
      const gate = GATE_ORDER.find((one) => reasonCodeOf(one) === code);
      const by = gate === undefined ? 'what is checked beside the gates' : `the gate \`${gate}\``;
      return [linkOf('', code), by];
    }),
  );
}

/** Each failure with its exit code, and whether `--resume` alone may help. */
export function failureIndex(): string {
  return table(
    ['reason', 'exit', '`--resume` alone may help'],
    FAILURE_REASONS.map((reason) => [
      linkOf('', reason),
      exitCodesOf(reason).join(', '),
      failure(reason, '').retryable ? 'yes' : 'no',
    ]),
  );
}

/** Each stage status. */
export function stageStatusIndex(): string {
  return `${EXECUTION_STATUSES.map((status) => linkOf('', status)).join(' · ')}`;
}

/** The codes of findings, by what they are about. */
export function gateCodeIndex(): string {
  const rows = Object.entries(GATE_CODES).map(([family, codes]) => [
    `[${family}](#${family.replaceAll(' ', '-')})`,
    codes.map((code) => linkOf('', code)).join(' '),
  ]);
  const own = DECISION_CODES.map((code) => linkOf('', code)).join(' ');
  return table(['about', 'codes'], [...rows, ['[in a decision](#in-a-decision)', own]]);
}

function exitCodesOf(reason: FailureReason): readonly number[] {
  if (reason !== 'interrupted') return [exitCodeOfFailure(failure(reason, ''))];
  return (['SIGHUP', 'SIGINT', 'SIGTERM'] as const).map((signal) =>
    exitCodeOfFailure(failure(reason, '', { signal })),
  );
}

function failureLink(reason: FailureReason): string {
  return `[${reason}](${docsPage({ kind: 'failure', code: reason })})`;
}

function linkOf(page: string, code: string): string {
  return `[\`${code}\`](${page}#${code.toLowerCase()})`;
}
