import type { Failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { configFailure, readConfigFile } from './config-file.ts';
import { givenFromConfig } from './config-given.ts';
import { effectiveConfig } from './effective-config.ts';
import { NOTHING_GIVEN } from './given-plan.ts';
import type { Output } from './output.ts';
import { renderConfig } from './print-config.ts';
import { readPrompts } from './read-prompts.ts';

export interface ConfigPrintRequest {
  /** As the operator wrote it; null prints the defaults. */
  readonly file: string | null;
  readonly json: boolean;
}

/** `config print [FILE]`: the file with every default filled in, and where each value comes from. */
export async function configPrint(
  request: ConfigPrintRequest,
  ports: Output & { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<Result<void, Failure>> {
  const { file, json } = request;
  const read = file === null ? null : await readConfigFile(file, ports.cwd);
  if (read?.ok === false) return fail(configFailure(read.failure, file ?? ''));
  const prompted = readPrompts(read === null ? NOTHING_GIVEN : givenFromConfig(read.value, ports.cwd));
  if (!prompted.ok) return prompted;
  const given = prompted.value;
  const config = await effectiveConfig({ given, base: null, cwd: ports.cwd, callerEnv: ports.env });
  ports.stdout(renderConfig(config, json));
  return ok(undefined);
}
