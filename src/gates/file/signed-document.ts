import { PASS_STATUS } from '../../core/gates/gate.ts';
import { blocking, documentPasses, type GateDocument } from '../../core/gates/gate-document.ts';
import type { GateQuestion } from '../../core/gates/gate-question.ts';
import type { Result } from '../../core/result.ts';
import type { SignedStatement } from './open-signed.ts';
import { closed, type FileVerdict } from './verdict.ts';

/**
 * A gate document from elsewhere, as ours and held to the question: gate, subject, age, and that it does not
 * contradict itself. The failure is in words.
 */
export type JudgeDocument = (
  bytes: Uint8Array,
  source: string,
) => Result<{ readonly document: GateDocument; readonly sound: boolean }, string>;

/**
 * A signed gate document counts like an approval by whoever has signed it. Unlike one that a command prints just now,
 * it has to name the run: it could be of another one.
 */
export function judgeSignedDocument(
  signed: SignedStatement,
  question: GateQuestion,
  judge: JudgeDocument,
): FileVerdict {
  const { source } = signed;
  const { subject, predicate } = fieldsOf(signed.value);
  const judged = judge(Buffer.from(JSON.stringify(predicate ?? null)), source);
  if (!judged.ok) return closed([blocking('statement_malformed', source, judged.failure.slice(0, 300))]);
  const { document, sound } = judged.value;
  const { run_id: run, tree_digest: tree } = fieldsOf(fieldsOf(predicate).subject);
  const details = [
    ...document.details,
    ...(run === question.subject.run_id
      ? []
      : [blocking('approval_other_run', source, `expected run ${question.subject.run_id}`)]),
    // HEAD is the same for any content that was not committed: its name alone says nothing of what was validated.
    ...(question.moment === 'admission' || tree === (question.subject.tree_digest ?? tree)
      ? []
      : [blocking('approval_other_tree', source, 'expected the content tree in its subject')]),
    ...(question.moment === 'admission' || isAbout(subject, question)
      ? []
      : [
          blocking(
            'approval_subject_differs',
            source,
            'expected the commit or the content tree as a subject',
          ),
        ]),
  ];
  const passes = sound && documentPasses({ ...document, details }, question.gate);
  if (passes) return { details, approvedBy: signed.signers, refuses: false };
  const refuses = document.status !== PASS_STATUS[question.gate];
  const why = blocking('gate_document_closed', source, `it says ${document.status.slice(0, 64)}`);
  return { details: [...details, why], approvedBy: [], refuses };
}

/** Subjects are matched by digest, never by name (in-toto statement v1). */
function isAbout(subject: unknown, question: GateQuestion): boolean {
  const { head_sha, tree_digest } = question.subject;
  const digests = (Array.isArray(subject) ? subject : []).map((one: unknown) =>
    fieldsOf(fieldsOf(one).digest),
  );
  return digests.some(
    ({ gitCommit, sha256 }) =>
      (head_sha !== null && gitCommit === head_sha) || (tree_digest !== null && sha256 === tree_digest),
  );
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? Object.fromEntries(Object.entries(value)) : {};
}
