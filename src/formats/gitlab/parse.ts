import type * as z from 'zod';
import { fail, ok, type Result } from '../../core/result.ts';
import { quote } from '../printable.ts';
import { parseStrictJson } from '../strict-json.ts';

/** An answer of the forge as strict JSON of one shape. The failure goes on from "the answer "; it repeats keys, never values. */
export function parseAnswer<Shape extends z.ZodType>(
  schema: Shape,
  bytes: Uint8Array,
): Result<z.infer<Shape>, string> {
  const json = parseStrictJson(bytes);
  if (!json.ok) return fail(`is not JSON: it ${json.failure.problem}`);
  const parsed = schema.safeParse(json.value);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? 'the whole' : quote(issue.path.join('.'));
  return fail(`has not the documented shape at ${where} (${issue?.code ?? 'unknown'})`);
}
