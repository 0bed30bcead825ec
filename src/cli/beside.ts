import { isAbsolute } from 'node:path';
import { type Failure, failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { unreachable } from '../core/unreachable.ts';
import { quote } from '../formats/printable.ts';
import { readApproval } from './approve-flags.ts';
import { COMMANDS, type CommandName } from './commands.ts';
import { onCompletion } from './completion/on-completion.ts';
import { readDoctorRequest } from './doctor.ts';
import { onRuns } from './housekeeping.ts';
import type { NormalisedArgv } from './normalise-argv.ts';
import type { CliContext, Operations } from './operations.ts';
import { parseFlags } from './parser.ts';
import { type FlagReader, flagReader } from './read-flags.ts';
import { DEFAULT_OUT_DIR, readOutDir } from './run-request.ts';
import { readStateKeySource, stateKeyContradictions } from './state-key-flags.ts';

/** The commands beside the run (spec section 8). */
export type BesideName = Exclude<CommandName, 'run' | 'help'>;

export interface BesideRequest {
  readonly name: BesideName;
  readonly normalised: NormalisedArgv;
  readonly context: CliContext;
  readonly operations: Operations;
}

/** Reads the flags of a command beside the run and starts its operation. */
export async function beside(request: BesideRequest): Promise<Result<number, Failure>> {
  const { name, normalised, operations } = request;
  const specs = COMMANDS[name].flags();
  const parsed = await parseFlags(normalised.argv, specs);
  const flags = flagReader({ parsed, specs, cwd: request.context.cwd });
  const context = flags.isOn('no-color') ? withoutColor(request.context) : request.context;
  const { positionals } = parsed;
  switch (name) {
    case 'report':
    case 'explain':
    case 'verify':
      return onEvidence({ ...request, context }, name, flags, positionals);
    case 'approve':
      return onApproval({ ...request, context }, flags, positionals);
    case 'doctor':
      return onDoctor(request);
    case 'list':
    case 'diff':
    case 'clean':
      return onRuns({ name, flags, positionals, context, operations });
    case 'completion':
      return onCompletion(positionals, context);
    case 'config validate':
    case 'config print':
    case 'config init':
    case 'schema':
      return onFormats(request, name, flags, positionals);
    default:
      return unreachable(name);
  }
}

/** `--no-color` comes before both variables. */
function withoutColor(context: CliContext): CliContext {
  return { ...context, env: { ...context.env, NO_COLOR: '1', FORCE_COLOR: undefined } };
}

async function onDoctor({ normalised, context, operations }: BesideRequest) {
  const read = await readDoctorRequest(normalised, context.cwd);
  return read.ok ? operations.doctor(read.value, context) : read;
}

async function onEvidence(
  { context, operations }: BesideRequest,
  name: 'report' | 'explain' | 'verify',
  flags: FlagReader,
  positionals: readonly string[],
): Promise<Result<number, Failure>> {
  const outDir = readOutDir(positionals, context.cwd);
  if (!outDir.ok) return outDir;
  const format = name === 'report' ? (flags.choice('format') ?? 'text') : 'text';
  const checkpoint = flags.text('checkpoint-path') ?? null;
  const stateKey = readStateKeySource(flags);
  const trust = name === 'verify' ? readTrust(flags) : NO_TRUST;
  const [problem] = [...flags.problems(), ...stateKeyContradictions(flags), ...trust.problems];
  if (problem !== undefined) return fail(failure('usage', problem));
  const outDirTyped = asPath(positionals[0] ?? DEFAULT_OUT_DIR);
  const place = { outDir: outDirTyped, checkpointPath: checkpoint, stateKey };
  if (name === 'report') return operations.report({ ...place, format }, context);
  const json = flags.isOn('json');
  if (name === 'explain') return operations.explain({ ...place, json }, context);
  const { keys, keyThreshold } = trust;
  const requireAuthentic = flags.isOn('require-authentic');
  return operations.verify({ ...place, json, requireAuthentic, keys, keyThreshold }, context);
}

async function onApproval(
  { context, operations }: BesideRequest,
  flags: FlagReader,
  positionals: readonly string[],
): Promise<Result<number, Failure>> {
  const outDir = readOutDir(positionals, context.cwd);
  if (!outDir.ok) return outDir;
  const { approval, problems } = readApproval(flags);
  const checkpointPath = flags.text('checkpoint-path') ?? null;
  const stateKey = readStateKeySource(flags);
  const [problem] = [...flags.problems(), ...stateKeyContradictions(flags), ...problems];
  if (problem !== undefined) return fail(failure('usage', problem));
  const place = { outDir: asPath(positionals[0] ?? DEFAULT_OUT_DIR), checkpointPath, stateKey };
  return operations.approve({ ...place, ...approval, json: flags.isOn('json') }, context);
}

const NO_TRUST = { keys: [], keyThreshold: 1, problems: [] };

/** Whose signature counts; a threshold over no keys would be a check that never takes place. */
function readTrust(flags: FlagReader) {
  const keys = flags.paths('key');
  const keyThreshold = flags.number('key-threshold') ?? 1;
  const alone = flags.isOn('key-threshold') && !flags.isOn('key');
  return { keys, keyThreshold, problems: alone ? ['--key-threshold: expected --key as well, got none'] : [] };
}

async function onFormats(
  { context, operations }: BesideRequest,
  name: 'config validate' | 'config print' | 'config init' | 'schema',
  flags: FlagReader,
  positionals: readonly string[],
): Promise<Result<number, Failure>> {
  const word = onlyWord(name, positionals);
  if (!word.ok) return word;
  const json = flags.isOn('json');
  switch (name) {
    case 'config validate':
      if (word.value === null) return fail(failure('usage', 'config validate: expected FILE, got none'));
      return operations.configValidate({ file: word.value, json }, context);
    case 'config print':
      return operations.configPrint({ file: word.value, json }, context);
    case 'config init': {
      const format = flags.choice('format');
      const [problem] = flags.problems();
      if (problem !== undefined) return fail(failure('usage', problem));
      const syntax = format === 'json' || format === 'yaml' ? format : null;
      const policy = flags.isOn('policy');
      return operations.configInit({ file: word.value, format: syntax, policy }, context);
    }
    case 'schema':
      return operations.schema(word.value, context);
    default:
      return unreachable(name);
  }
}

/** An out_dir as it has to be written to be one: `report` alone names a command. */
function asPath(typed: string): string {
  return isAbsolute(typed) || /^\.{1,2}(?:[\\/]|$)/.test(typed) ? typed : `./${typed}`;
}

function onlyWord(name: string, positionals: readonly string[]): Result<string | null, Failure> {
  const [word, second] = positionals;
  if (second !== undefined) {
    return fail(
      failure('usage', `${name}: expected at most one word after it, got ${quote(second)} as well`),
    );
  }
  if (word === '') return fail(failure('usage', `${name}: expected a name, got an empty one`));
  return ok(word ?? null);
}
