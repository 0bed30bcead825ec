import { isAbsolute, relative, sep } from 'node:path';
import type { KeySource, StateKeySource } from '../core/run-plan.ts';
import { shellWord } from './shell-word.ts';

/** Where the evidence of a run is, as the operator typed it: what a command to type has to repeat. */
export interface EvidencePlace {
  readonly outDir: string;
  /** `--checkpoint-path` where one was given, else null: the orchestrator does not remember it. */
  readonly checkpointPath: string | null;
  /** `--state-key-…` as it is to be given again; empty where none was given. */
  readonly stateKey?: readonly string[];
  /** `--sign-key…`, which only a run takes; empty where none was given. */
  readonly signKey?: readonly string[];
}

/** `orchestrator ./out [words…]`, ready for a shell. */
export function commandLine(
  place: EvidencePlace,
  words: readonly string[],
  command: string | null = null,
): string {
  const checkpoint = place.checkpointPath === null ? [] : ['--checkpoint-path', place.checkpointPath];
  return [
    'orchestrator',
    ...(command === null ? [] : [command]),
    asPath(place.outDir),
    ...words,
    ...checkpoint,
    ...(place.stateKey ?? []),
    ...(command === null ? (place.signKey ?? []) : []),
  ]
    .map(shellWord)
    .join(' ');
}

/** The place of absolute paths as somebody types it who stands in `cwd`: `./out` below it, else in full. */
export function placeSeenFrom(
  cwd: string,
  paths: {
    readonly outDir: string;
    readonly checkpointPath: string | null;
    readonly stateKey?: StateKeySource | null;
    readonly signKey?: KeySource | null;
  },
): EvidencePlace {
  const { outDir, checkpointPath, stateKey = null, signKey = null } = paths;
  return {
    outDir: pathSeenFrom(cwd, outDir),
    checkpointPath: checkpointPath === null ? null : pathSeenFrom(cwd, checkpointPath),
    ...(stateKey === null ? {} : { stateKey: keyWords('--state-key-file', '--state-key-fd', stateKey) }),
    ...(signKey === null ? {} : { signKey: keyWords('--sign-key', '--sign-key-fd', signKey) }),
  };
}

/** A key file is outside the working directory as a rule: named in full. */
function keyWords(file: string, descriptor: string, source: KeySource): readonly string[] {
  return source.from === 'file' ? [file, source.path] : [descriptor, String(source.fd)];
}

/** An absolute path as somebody types it who stands in `cwd`: `./x` below it, else in full. */
export function pathSeenFrom(cwd: string, path: string): string {
  const way = relative(cwd, path);
  if (way === '') return '.';
  return way.split(sep)[0] === '..' || isAbsolute(way) ? path : `./${way}`;
}

/** An out_dir named like a subcommand or a flag is only understood as a path (spec section 1). */
function asPath(outDir: string): string {
  return /^(?:[./\\]|[A-Za-z]:[\\/])/.test(outDir) ? outDir : `./${outDir}`;
}
