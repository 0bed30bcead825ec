import { existsSync } from 'node:fs';
import { type GivenPlan, ROLES } from '../core/run-plan.ts';
import { PATH_LIMIT, printable, quote } from '../formats/printable.ts';
import { givenClosureProblems, globProblems } from './closure-rules.ts';
import { readConfigFile } from './config-file.ts';
import { givenFromConfig } from './config-given.ts';
import { problemsOfGiven } from './config-rules.ts';
import type { Output } from './output.ts';

export interface ConfigValidateRequest {
  /** As the operator wrote it. */
  readonly file: string;
  readonly json: boolean;
}

/**
 * `config validate FILE`: names every mistake in a config file, one line each. A binary that is not there yet
 * is none: it may be given as a flag, or be built later. True where the file is valid.
 */
export async function configValidate(
  request: ConfigValidateRequest,
  ports: Output & { readonly cwd: string },
): Promise<boolean> {
  const problems = await problemsOfFile(request.file, ports.cwd);
  const shown = printable(request.file);
  if (request.json) {
    ports.stdout(`${JSON.stringify({ file: shown, valid: problems.length === 0, problems }, null, 2)}\n`);
  } else if (problems.length === 0) {
    ports.stdout(`${shown}: valid\n`);
  } else {
    ports.stderr(problems.map((problem) => `orchestrator: ${problem}\n`).join(''));
  }
  return problems.length === 0;
}

async function problemsOfFile(path: string, cwd: string): Promise<readonly string[]> {
  const file = await readConfigFile(path, cwd);
  if (!file.ok) return file.failure;
  const given = givenFromConfig(file.value, cwd);
  const globs = await globProblems(given.closure ?? {});
  const alone = problemsOfGiven(given, true, null);
  const together = alone.length === 0 ? givenClosureProblems(given.closure ?? {}) : [];
  return [...alone, ...together, ...globs, ...missingSchemas(given)];
}

function missingSchemas(given: GivenPlan): readonly string[] {
  return ROLES.flatMap((role) => {
    const artifacts = given.roles[role].expectedArtifacts;
    return (artifacts?.value ?? []).flatMap(({ schema }) =>
      schema === null || existsSync(schema)
        ? []
        : [`${artifacts?.origin ?? role}: expected a schema at ${quote(schema, PATH_LIMIT)}, got no file`],
    );
  });
}
