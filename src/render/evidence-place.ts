import { isAbsolute, relative, sep } from 'node:path';
import type { StateKeySource } from '../core/run-plan.ts';
import { shellWord } from './shell-word.ts';

/** Where the evidence of a run is, as the operator typed it: what a command to type has to repeat. */
export interface EvidencePlace {
  readonly outDir: string;
  /** `--checkpoint-path` where one was given, else null: the orchestrator does not remember it. */
  readonly checkpointPath: string | null;
  /** `--state-key-…` as it is to be given again; empty where none was given. */
  readonly stateKey?: readonly string[];
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
  },
): EvidencePlace {
  const { outDir, checkpointPath, stateKey = null } = paths;
  return {
    outDir: seenFrom(cwd, outDir),
    checkpointPath: checkpointPath === null ? null : seenFrom(cwd, checkpointPath),
    ...(stateKey === null ? {} : { stateKey: stateKeyWords(stateKey) }),
  };
}

/** A key file is outside the working directory as a rule: named in full. */
function stateKeyWords(source: StateKeySource): readonly string[] {
  return source.from === 'file' ? ['--state-key-file', source.path] : ['--state-key-fd', String(source.fd)];
}

function seenFrom(cwd: string, path: string): string {
  const way = relative(cwd, path);
  if (way === '') return '.';
  return way.split(sep)[0] === '..' || isAbsolute(way) ? path : `./${way}`;
}

/** An out_dir named like a subcommand or a flag is only understood as a path (spec section 1). */
function asPath(outDir: string): string {
  return /^(?:[./\\]|[A-Za-z]:[\\/])/.test(outDir) ? outDir : `./${outDir}`;
}
