import { resolve } from 'node:path';
import { type Failure, failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { ConfigSyntax } from '../formats/config-text.ts';
import { printable } from '../formats/printable.ts';
import { describeKind, lstatOrNull } from '../store/file-kind.ts';
import { describeErrno, errnoOf } from '../store/io-failure.ts';
import { syntaxOf } from './config-file.ts';
import { jsonStarter, yamlStarter } from './config-starter.ts';
import type { Output } from './output.ts';

export interface ConfigInitRequest {
  /** As the operator wrote it; null is `orchestrator.yaml`, or `.json`. */
  readonly file: string | null;
  /** null takes it from the file's name. */
  readonly format: ConfigSyntax | null;
}

/** `config init [FILE]`: writes a starter file; what is there already is never overwritten. */
export async function configInit(
  request: ConfigInitRequest,
  ports: Output & { readonly cwd: string },
): Promise<Result<void, Failure>> {
  const file = request.file ?? `orchestrator.${request.format ?? 'yaml'}`;
  const shown = printable(file);
  const syntax = syntaxOf(file);
  if (syntax === null) return refuse(`FILE: expected a name that ends in .json, .yaml or .yml, got ${shown}`);
  if (request.format !== null && request.format !== syntax) {
    return refuse(`--format: expected ${syntax}, as the name ${shown} says, got ${request.format}`);
  }
  try {
    const path = resolve(ports.cwd, file);
    const there = lstatOrNull(path);
    if (there !== null) return refuse(`${shown}: expected no file of that name, got ${describeKind(there)}`);
    const { default: writeFileAtomic } = await import('write-file-atomic');
    await writeFileAtomic(path, syntax === 'json' ? jsonStarter() : yamlStarter());
  } catch (error) {
    return refuse(`${shown}: cannot be written: ${describeErrno(errnoOf(error))}`);
  }
  ports.stdout(`${shown}: written; next: orchestrator config validate ${shown}\n`);
  return ok(undefined);
}

function refuse(message: string): Result<never, Failure> {
  return fail(failure('usage', message));
}
