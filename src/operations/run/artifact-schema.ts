import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parseStrictJson } from '../../formats/strict-json.ts';

/** A schema of an operator's never needs more. */
const MAX_PROBLEM_LENGTH = 300;

/** Holds an artifact to the JSON Schema (2020-12) that the config file binds to it; null where it fits. */
export function checkAgainstSchema(artifact: Buffer, schemaPath: string): string | null {
  const schema = readSchema(schemaPath);
  if (typeof schema === 'string') return schema;
  const value = parseStrictJson(artifact);
  if (!value.ok) return `it is not strict JSON: ${value.failure.problem}`;
  try {
    const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: false });
    const validate = ajv.compile(schema);
    if (validate(value.value)) return null;
    const [error] = validate.errors ?? [];
    return `it does not fit its schema at ${error?.instancePath || '/'}: ${error?.message ?? 'unknown'}`;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `its schema cannot be used: ${why.slice(0, MAX_PROBLEM_LENGTH)}`;
  }
}

function readSchema(path: string): object | string {
  try {
    const parsed = parseStrictJson(readFileSync(path));
    if (!parsed.ok) return `its schema ${path} is not strict JSON: ${parsed.failure.problem}`;
    const { value } = parsed;
    if (typeof value !== 'object' || value === null) return `its schema ${path} is not an object`;
    return value;
  } catch (error) {
    return `its schema cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
