import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createRig } from '../../e2e/rig.ts';
import { editFile } from './edits.ts';
import type { FuzzCase } from './fuzz-case.ts';
import { judge, LONGEST_MS } from './judge.ts';
import type { Starts } from './starts.ts';
import { differences, takeSurroundings } from './surroundings.ts';

/** Appends an argument whose bytes need not be UTF-8, which no argument of ours could hold. */
const APPEND_RAW = 'raw=$(printf -- "$1"); shift; exec "$@" "$raw"';

export interface TriedCase {
  readonly code: number | null;
  readonly complaints: readonly string[];
}

/** Tries one case in a folder of its own, and looks at all that is around it before and after. */
export async function tryCase(fuzz: FuzzCase, starts: Starts): Promise<TriedCase> {
  const { rig, dispose } = createRig();
  try {
    starts.copyTo(fuzz.start, rig.out);
    mkdirSync(join(rig.base, 'tmp'));
    rig.write(join(rig.base, 'victim'), 'untouched\n');
    for (const { path, edit } of fuzz.edits) editFile(join(rig.work, path), edit);
    const before = takeSurroundings(rig.base);
    const run = await rig.run(fuzz.argv, {
      env: { TMPDIR: join(rig.base, 'tmp'), ...fuzz.env },
      limitMs: LONGEST_MS,
      through: fuzz.rawArgument === '' ? [] : ['/bin/sh', '-c', APPEND_RAW, 'sh', fuzz.rawArgument],
    });
    const changed = differences(before, takeSurroundings(rig.base));
    return { code: run.code, complaints: judge(fuzz, { run, changed }) };
  } catch (error) {
    return { code: null, complaints: [`threw ${error instanceof Error ? error.message : String(error)}`] };
  } finally {
    dispose();
  }
}
