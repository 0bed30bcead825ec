import { resolve } from 'node:path';
import { type Failure, failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { GateAssertions, OutputOptions, RunRequest } from '../core/run-plan.ts';
import { quote } from '../formats/printable.ts';
import { globProblems } from '../operations/closure-rules.ts';
import { problemsOfGiven } from '../operations/config-rules.ts';
import { mergeGiven, NOTHING_GIVEN } from '../operations/given-plan.ts';
import { readPrompts } from '../operations/read-prompts.ts';
import type { FlagSpec } from './flag-spec.ts';
import { runFlags } from './flags.ts';
import { givenFromFlags } from './given-from-flags.ts';
import type { NormalisedArgv } from './normalise-argv.ts';
import { parseFlags } from './parser.ts';
import { type FlagReader, flagReader } from './read-flags.ts';
import { readSignKeySource, signKeyContradictions } from './sign-key-flags.ts';
import { keyFile, readStateKeySource, stateKeyContradictions } from './state-key-flags.ts';
import { validationCommands } from './validation-commands.ts';

/** What `orchestrator [out_dir]` is to do with its request. */
export type RunMode = 'run' | 'dry-run' | 'print-config';

export interface ReadRun {
  readonly mode: RunMode;
  readonly request: RunRequest;
}

/** Where out_dir is when nobody says (spec section 1). */
export const DEFAULT_OUT_DIR = './out';

/** How a command line is read that describes a run. */
export interface RunReading {
  readonly specs: readonly FlagSpec[];
  /** What is only looked at may be incomplete, as on resume. */
  readonly mayBePart: boolean;
}

/** Flags and config file as a request, or the first thing that cannot stand, as one line (exit 2). */
export async function readRunRequest(
  normalised: NormalisedArgv,
  cwd: string,
  { specs, mayBePart }: RunReading = { specs: runFlags(), mayBePart: false },
): Promise<Result<ReadRun, Failure>> {
  if (normalised.problem !== null) return fail(normalised.problem);
  const parsed = await parseFlags(normalised.argv, specs);
  const flags = flagReader({ parsed, specs, cwd });
  const outDir = readOutDir(parsed.positionals, cwd);
  if (!outDir.ok) return outDir;
  const validation = validationCommands(normalised.flags, cwd);
  const fromFlags = givenFromFlags(flags, validation, cwd);
  const rest = readRest(flags);
  const placesGiven = readPlaces(flags);
  const [problem] = [
    ...flags.problems(),
    ...validation.problems,
    ...contradictions(flags),
    ...stateKeyContradictions(flags),
    ...signKeyContradictions(flags),
  ];
  if (problem !== undefined) return fail(failure('usage', problem));
  const file = await readConfig(parsed.values('config')[0], cwd);
  if (!file.ok) return file;
  const prompted = readPrompts(mergeGiven(file.value.given, fromFlags));
  if (!prompted.ok) return prompted;
  const given = prompted.value;
  const places = mergePlaces(file.value, placesGiven);
  const mode = modeOf(flags);
  const isPart = rest.resume || mode === 'print-config' || mayBePart;
  const [wrong] = problemsOfGiven(given, isPart, { outDir: outDir.value, ...places });
  if (wrong !== undefined) return fail(failure('usage', wrong));
  const [glob] = await globProblems(given.closure ?? {});
  if (glob !== undefined) return fail(failure('usage', glob));
  const { configFile } = file.value;
  const withFile = configFile === null ? {} : { configFile };
  return ok({
    mode,
    request: { ...withFile, outDir: outDir.value, ...places, ...rest, given },
  });
}

/** Files that belong to the invocation and not to the plan: a checkpoint remembers none of them. */
type Places = Pick<RunRequest, 'checkpointPath' | 'stateKey' | 'signKey' | 'htmlReport'>;

function readPlaces(flags: FlagReader): Places {
  return {
    checkpointPath: flags.path('checkpoint-path') ?? null,
    stateKey: readStateKeySource(flags),
    signKey: readSignKeySource(flags),
    htmlReport: flags.path('html-report') ?? null,
  };
}

/** Flags win over the file. */
function mergePlaces(file: Places, flags: Places): Places {
  return {
    checkpointPath: flags.checkpointPath ?? file.checkpointPath,
    stateKey: flags.stateKey ?? file.stateKey,
    signKey: flags.signKey ?? file.signKey,
    htmlReport: flags.htmlReport ?? file.htmlReport,
  };
}

function readRest(flags: FlagReader): Omit<RunRequest, 'outDir' | keyof Places | 'given'> {
  return {
    resume: flags.isOn('resume'),
    rerunFrom: flags.choice('rerun-from') ?? null,
    acceptChangedBinary: [...new Set(flags.choices('accept-changed-binary'))],
    assertions: readAssertions(flags),
    simulateBlocked: flags.isOn('simulate-blocked'),
    breakLock: flags.text('break-lock') ?? null,
    output: readOutput(flags),
  };
}

function readAssertions(flags: FlagReader): GateAssertions {
  const policy = flags.choice('policy-status');
  const ci = flags.choice('ci-status');
  const review = flags.choice('review-status');
  return {
    ...(policy === undefined ? {} : { policy }),
    ...(ci === undefined ? {} : { ci }),
    ...(review === undefined ? {} : { review }),
  };
}

function readOutput(flags: FlagReader): OutputOptions {
  return {
    json: flags.isOn('json'),
    quiet: flags.isOn('quiet'),
    verbose: flags.isOn('verbose'),
    color: flags.isOn('no-color') ? false : null,
  };
}

/** The out_dir that the positionals name, absolute; every command that has one reads it so. */
export function readOutDir(positionals: readonly string[], cwd: string): Result<string, Failure> {
  const [typed = DEFAULT_OUT_DIR, second] = positionals;
  if (second !== undefined)
    return fail(failure('usage', `out_dir: expected one, got ${quote(typed)} and ${quote(second)}`));
  if (typed === '') return fail(failure('usage', 'out_dir: expected a path, got an empty one'));
  if (typed.includes('\u0000')) return fail(failure('usage', 'out_dir: expected a path without NUL'));
  return ok(resolve(cwd, typed));
}

/** Flags that need or exclude one another. */
function contradictions(flags: FlagReader): readonly string[] {
  const needResume = ['rerun-from', 'accept-changed-binary'].filter((name) => flags.isOn(name));
  const apart = [
    ['quiet', 'verbose'],
    ['dry-run', 'print-config'],
  ] as const;
  return [
    ...(flags.isOn('resume')
      ? []
      : needResume.map((name) => `--${name}: expected --resume as well, got none`)),
    ...apart.flatMap(([one, other]) =>
      flags.isOn(one) && flags.isOn(other) ? [`--${one}: expected without --${other}, got both`] : [],
    ),
  ];
}

function modeOf(flags: FlagReader): RunMode {
  if (flags.isOn('print-config')) return 'print-config';
  return flags.isOn('dry-run') ? 'dry-run' : 'run';
}

async function readConfig(path: string | undefined, cwd: string) {
  if (path === undefined)
    return ok({
      given: NOTHING_GIVEN,
      checkpointPath: null,
      stateKey: null,
      signKey: null,
      configFile: null,
      htmlReport: null,
    });
  if (path === '') return fail(failure('usage', '--config: expected a path, got an empty one'));
  const { configFailure, readConfigFile } = await import('../operations/config-file.ts');
  const { givenFromConfig } = await import('../operations/config-given.ts');
  const file = await readConfigFile(path, cwd);
  if (!file.ok) return fail(configFailure(file.failure, path));
  const { checkpoint_path: checkpointPath, state_key_file, sign_key_file, html_report } = file.value.document;
  const { gates, scope } = file.value.document;
  const rules = gates !== undefined || scope !== undefined;
  const keyAt = (path: string | undefined) => (path === undefined ? null : keyFile(resolve(cwd, path)));
  return ok({
    given: givenFromConfig(file.value, cwd),
    checkpointPath: checkpointPath === undefined ? null : resolve(cwd, checkpointPath),
    stateKey: keyAt(state_key_file),
    signKey: keyAt(sign_key_file),
    configFile: { path: resolve(cwd, path), bytes: file.value.bytes, rules },
    htmlReport: html_report === undefined ? null : resolve(cwd, html_report),
  });
}
