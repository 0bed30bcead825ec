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
import { STARTER_FOLDER } from './starter-policy/files.ts';
import { isPolicyThere, writePolicy } from './starter-policy/write-policy.ts';

export interface ConfigInitRequest {
  /** As the operator wrote it; null is `orchestrator.yaml`, or `.json`. */
  readonly file: string | null;
  /** null takes it from the file's name. */
  readonly format: ConfigSyntax | null;
  /** Whether a starter policy is written as well, and the settings that make it decide. */
  readonly policy: boolean;
}

/** `config init [FILE] [--policy]`: writes a starter file; what is there already is never overwritten. */
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
  const written: string[] = [];
  try {
    const path = resolve(ports.cwd, file);
    const there = lstatOrNull(path);
    if (there !== null) return refuse(`${shown}: expected no file of that name, got ${describeKind(there)}`);
    if (request.policy && isPolicyThere(ports.cwd)) {
      return refuse(`${STARTER_FOLDER}: expected nothing of that name, got something; nothing was written`);
    }
    const { default: writeFileAtomic } = await import('write-file-atomic');
    const { policy } = request;
    await writeFileAtomic(path, syntax === 'json' ? jsonStarter(policy) : yamlStarter(policy));
    written.push(shown);
    if (policy) written.push(...(await writePolicy(ports.cwd)));
  } catch (error) {
    const done = written.length === 0 ? '' : `; written: ${written.join(', ')}`;
    const what = written.length === 0 ? shown : STARTER_FOLDER;
    return refuse(`${what}: cannot be written: ${describeErrno(errnoOf(error))}${done}`);
  }
  for (const path of written.slice(0, -1)) ports.stdout(`${path}: written\n`);
  const commit = request.policy ? `git add ${shown} ${STARTER_FOLDER} && git commit, then ` : '';
  ports.stdout(`${written.at(-1)}: written; next: ${commit}orchestrator config validate ${shown}\n`);
  return ok(undefined);
}

function refuse(message: string): Result<never, Failure> {
  return fail(failure('usage', message));
}
