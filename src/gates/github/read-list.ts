import type * as z from 'zod';
import { fail, ok, type Result } from '../../core/result.ts';
import { parseAnswer } from '../../formats/github/parse.ts';
import { type CallFailure, untrusted } from './call-failure.ts';
import { PAGE_SIZE, type Page, readPages, type WholeList } from './pages.ts';
import { type Freshness, type ReadSession, read } from './reader.ts';
import { addressOf } from './send.ts';

/** One question to the API. */
export interface Question<Shape extends z.ZodType> {
  readonly call: string;
  readonly needs: string;
  /** With placeholders, as the API's documentation has it. */
  readonly route: string;
  readonly parameters: Readonly<Record<string, string | number>>;
  readonly schema: Shape;
  readonly freshness: Freshness;
}

/** An answer, and the address that it came from. */
export interface Answered<Value> {
  readonly value: Value;
  readonly address: string;
}

/** Asks for one document. */
export async function readOne<Shape extends z.ZodType>(
  session: ReadSession,
  question: Question<Shape>,
): Promise<Result<Answered<z.infer<Shape>>, CallFailure>> {
  const { call, needs, freshness, schema } = question;
  const address = await addressOf(session, question.route, question.parameters);
  const answer = await read(session, { call, needs, freshness, url: address });
  if (!answer.ok) return answer;
  const parsed = parseAnswer(schema, answer.value.bytes);
  return parsed.ok ? ok({ value: parsed.value, address }) : fail(untrusted(call, parsed.failure));
}

/**
 * Asks for one document that a token may not be allowed to see; null where the forge says 403 or 404, which is no
 * information.
 */
export async function readIfAllowed<Shape extends z.ZodType>(
  session: ReadSession,
  question: Question<Shape>,
  expects: readonly number[],
): Promise<Result<Answered<z.infer<Shape>> | null, CallFailure>> {
  const { call, needs, freshness, schema } = question;
  const url = await addressOf(session, question.route, question.parameters);
  const answer = await read(session, { call, needs, freshness, url, expects });
  if (!answer.ok) return answer;
  if (answer.value.status !== 200) return ok(null);
  const parsed = parseAnswer(schema, answer.value.bytes);
  return parsed.ok ? ok({ value: parsed.value, address: url }) : fail(untrusted(call, parsed.failure));
}

/** Asks for all pages of a list. */
export async function readList<Shape extends z.ZodType, Item>(
  session: ReadSession,
  question: Question<Shape>,
  reading: {
    readonly page: (value: z.infer<Shape>) => Page<Item>;
    readonly idOf: (item: Item) => string;
  },
): Promise<Result<WholeList<Item>, CallFailure>> {
  const { call, needs, freshness, schema } = question;
  const parameters = { ...question.parameters, per_page: PAGE_SIZE, page: 1 };
  const url = await addressOf(session, question.route, parameters);
  const parse = (bytes: Uint8Array): Result<Page<Item>, string> => {
    const parsed = parseAnswer(schema, bytes);
    return parsed.ok ? ok(reading.page(parsed.value)) : parsed;
  };
  return readPages(session, { call, needs, freshness, url, parse, idOf: reading.idOf });
}
