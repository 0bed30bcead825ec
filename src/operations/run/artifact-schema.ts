import { Ajv2020 } from 'ajv/dist/2020.js';
import { parseStrictJson } from '../../formats/strict-json.ts';

/** A schema of an operator's never needs more. */
const MAX_PROBLEM_LENGTH = 300;

/**
 * Holds an artifact to the text of the JSON Schema (2020-12) that the config file binds to it; null where it fits.
 */
export function checkAgainstSchema(artifact: Buffer, schemaText: Buffer): string | null {
  const schema = parseSchema(schemaText);
  if (typeof schema === 'string') return schema;
  const value = parseStrictJson(artifact);
  if (!value.ok) return `it is not strict JSON: ${value.failure.problem}`;
  try {
    const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: false });
    const validate = ajv.compile(schema);
    if (validate(value.value) === true) return null;
    const [error] = validate.errors ?? [];
    return `it does not fit its schema at ${error?.instancePath || '/'}: ${error?.message ?? 'unknown'}`;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `its schema cannot be used: ${why.slice(0, MAX_PROBLEM_LENGTH)}`;
  }
}

/** An asynchronous schema (a word of the validator's, not of JSON Schema) would say nothing in time. */
function parseSchema(text: Buffer): object | string {
  const parsed = parseStrictJson(text);
  if (!parsed.ok) return `its schema is not strict JSON: ${parsed.failure.problem}`;
  const { value } = parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'its schema is not an object';
  return Object.hasOwn(value, '$async') ? 'its schema cannot be used: it has the key $async' : value;
}
