import { type Failure, failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { didYouMean } from '../formats/nearest.ts';
import { quote } from '../formats/printable.ts';
import { publishedSchema, schemaNames } from '../formats/published-schemas.ts';
import type { Output } from './output.ts';

/** `schema [NAME]`: prints a published JSON Schema, or without a name the names of all. */
export async function schema(name: string | null, ports: Output): Promise<Result<void, Failure>> {
  const names = schemaNames();
  if (name === null) {
    ports.stdout(`${names.join('\n')}\n`);
    return ok(undefined);
  }
  const found = names.find((one) => one === name);
  if (found === undefined) {
    const got = `got ${quote(name)}${didYouMean(name, names)}`;
    return fail(failure('usage', `NAME: expected one of ${names.join(', ')}, ${got}`));
  }
  ports.stdout(await publishedSchema(found));
  return ok(undefined);
}
