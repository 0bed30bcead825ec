import * as fc from 'fast-check';
import type { FuzzCase } from '../fuzz-case.ts';
import { argvs } from './argv.ts';
import { artifacts, reviews } from './artifacts.ts';
import { configs } from './config.ts';
import { environments } from './environment.ts';
import { checkpointBytes, checkpointMended, otherEvidence } from './evidence.ts';
import { documentGarbage, words } from './garbage.ts';

/** Each class of inputs, and its part of all inputs in a hundred. */
const CLASSES: readonly (readonly [fc.Arbitrary<FuzzCase>, number])[] = [
  [checkpointBytes, 15],
  [checkpointMended, 15],
  [otherEvidence, 8],
  [documentGarbage, 8],
  [artifacts, 10],
  [reviews, 6],
  [configs, 14],
  [argvs, 14],
  [environments, 6],
  [words, 4],
];

/** A case and the name that generates it again. */
export interface NamedCase {
  readonly name: string;
  readonly fuzz: FuzzCase;
}

/** About `count` cases of all classes: the n-th of a class is the same for the same seed, whatever the count. */
export function generate(seed: number, count: number): readonly NamedCase[] {
  return CLASSES.flatMap(([arbitrary, part], index) => {
    const cases = fc.sample(arbitrary, { seed: seed + index, numRuns: Math.ceil((count * part) / 100) });
    return cases.map((fuzz, at) => ({ name: `${seed}/${index}/${at}`, fuzz }));
  });
}

/** The case that `generate` has given this name; throws for a name that it never gives. */
export function generateAgain(name: string): NamedCase {
  const [seed, index, at] = name.split('/').map(Number);
  const [arbitrary] = CLASSES[index ?? -1] ?? [];
  if (arbitrary === undefined || seed === undefined || at === undefined) throw new Error(`no input ${name}`);
  const fuzz = fc.sample(arbitrary, { seed: seed + (index ?? 0), numRuns: at + 1 }).at(-1);
  if (fuzz === undefined) throw new Error(`no input ${name}`);
  return { name, fuzz };
}
