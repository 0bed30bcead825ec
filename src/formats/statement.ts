import { fail, ok, type Result } from '../core/result.ts';
import { type Envelope, IN_TOTO_PAYLOAD_TYPE } from './dsse.ts';
import { type JsonValue, parseStrictJson } from './strict-json.ts';

/** The type of every in-toto statement, version 1. */
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';

/** The types of what we state; nothing is fetched from there. */
export const PREDICATE_TYPES = {
  runReport: 'urn:orchestrator:predicate/run-report/v1',
  approval: 'urn:orchestrator:predicate/approval/v1',
  gateDocument: 'urn:orchestrator:predicate/gate-document/v1',
  /** SLSA's verification summary attestation. */
  verificationSummary: 'https://slsa.dev/verification_summary/v1',
} as const;
export type PredicateType = (typeof PREDICATE_TYPES)[keyof typeof PREDICATE_TYPES];

/** What a statement is about: matched by digest, never by name. */
export interface StatementSubject {
  readonly name: string;
  readonly digest: { readonly sha256: string } | { readonly gitCommit: string };
}

/** An in-toto statement. */
export interface Statement<Type extends PredicateType, Predicate> {
  readonly _type: typeof STATEMENT_TYPE;
  readonly subject: readonly StatementSubject[];
  readonly predicateType: Type;
  readonly predicate: Predicate;
}

/** The bytes that are signed and stored: compact, no canonical form is needed. */
export function statementBytes(statement: Statement<PredicateType, unknown>): Buffer {
  return Buffer.from(JSON.stringify(statement));
}

/** A payload whose signature has been verified, as JSON; its shape is for the caller to check. */
export function parseStatement(
  envelope: Envelope,
): Result<{ readonly predicateType: string; readonly value: JsonValue }, string> {
  if (envelope.payloadType !== IN_TOTO_PAYLOAD_TYPE) {
    return fail(`expected the payload type ${IN_TOTO_PAYLOAD_TYPE}`);
  }
  const json = parseStrictJson(envelope.payload);
  if (!json.ok) return fail(`the statement ${json.failure.problem}`);
  const { value } = json;
  const isObject = typeof value === 'object' && value !== null;
  const fields: Readonly<Record<string, unknown>> = isObject ? Object.fromEntries(Object.entries(value)) : {};
  if (fields._type !== STATEMENT_TYPE) return fail(`expected a statement of type ${STATEMENT_TYPE}`);
  return typeof fields.predicateType === 'string'
    ? ok({ predicateType: fields.predicateType, value })
    : fail('expected a predicateType');
}
