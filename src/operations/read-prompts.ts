import { type Failure, failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { type GivenPlan, type GivenRole, ROLES, type Role } from '../core/run-plan.ts';
import { MAX_PROMPT_BYTES, promptProblem } from '../formats/limits.ts';
import { PATH_LIMIT, quote } from '../formats/printable.ts';
import { readRegularFile } from '../store/read-regular-file.ts';

/**
 * Prompt files read into the plan, once: what a stage makes of such a file later tells nobody anything. A prompt that
 * cannot be given to an agent is a usage failure.
 */
export function readPrompts(given: GivenPlan): Result<GivenPlan, Failure> {
  const roles: Record<Role, GivenRole> = { ...given.roles };
  for (const role of ROLES) {
    const read = readPrompt(given.roles[role]);
    if (!read.ok) return fail(failure('usage', read.failure));
    roles[role] = read.value;
  }
  return ok({ ...given, roles });
}

function readPrompt(role: GivenRole): Result<GivenRole, string> {
  const { promptFile, ...rest } = role;
  const { prompt } = rest;
  if (promptFile === undefined) {
    const problem = typeof prompt?.value === 'string' ? promptProblem(prompt.value) : null;
    return problem === null ? ok(role) : fail(`${prompt?.origin}: ${problem}`);
  }
  if (prompt !== undefined) return fail(`${promptFile.origin}: expected without ${prompt.origin}, got both`);
  const text = textOf(promptFile.value);
  if (!text.ok) return fail(`${promptFile.origin}: ${text.failure}`);
  return ok({ ...rest, prompt: { value: text.value, origin: promptFile.origin } });
}

function textOf(path: string): Result<string, string> {
  const file = readRegularFile(path, MAX_PROMPT_BYTES);
  const at = quote(path, PATH_LIMIT);
  if (file.kind === 'missing') return fail(`expected a file at ${at}, got none`);
  if (file.kind === 'unreadable') return fail(`expected a file at ${at}: ${file.problem}`);
  const text = file.kind === 'empty' ? '' : decode(file.bytes);
  if (text === null) return fail(`expected UTF-8 in ${at}, got something else`);
  const problem = promptProblem(text);
  return problem === null ? ok(text) : fail(`${at}: ${problem}`);
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
