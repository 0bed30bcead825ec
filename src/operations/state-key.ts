import { basename, dirname, join } from 'node:path';
import { type Failure, failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { KeySource, StateKeySource } from '../core/run-plan.ts';
import type { StateKey } from '../formats/state-key.ts';
import { isInside } from '../formats/stored-path.ts';
import { realOrSame } from '../store/real-path.ts';

/** The state key that was asked for; without one nothing is loaded. `precondition` when it cannot be used. */
export async function stateKeyOf(source: StateKeySource | null): Promise<Result<StateKey | null, Failure>> {
  if (source === null) return ok(null);
  const { readStateKey } = await import('../store/read-state-key.ts');
  return readStateKey(source);
}

/** The same for a command that reads the evidence in an out_dir. */
export async function stateKeyFor(request: {
  readonly outDir: string;
  readonly stateKey?: StateKeySource | null;
}): Promise<Result<StateKey | null, Failure>> {
  const source = request.stateKey ?? null;
  const place = refuseKeyIn(source, '--state-key', { out_dir: [request.outDir] });
  return place.ok ? stateKeyOf(source) : place;
}

/**
 * A key file where stages work is one that they read and replace as part of their work: exit 2. So is a link
 * there that leads to it: whoever turns the link chooses the key. `flag` is that of the descriptor without its end,
 * `folders` by what they are called.
 */
export function refuseKeyIn(
  source: KeySource | null,
  flag: '--state-key' | '--sign-key' | '--key',
  folders: Readonly<Record<string, readonly string[]>>,
): Result<void, Failure> {
  if (source?.from !== 'file') return ok(undefined);
  const { path } = source;
  const places = [path, join(realOrSame(dirname(path)), basename(path)), realOrSame(path)];
  const isIn = (folder: string) =>
    places.some((place) => isInside(folder, place) || isInside(realOrSame(folder), place));
  const found = Object.entries(folders).find(([, all]) => all.some(isIn));
  if (found === undefined) return ok(undefined);
  const typed = flag === '--state-key' ? '--state-key-file' : flag;
  const got = `${typed} ${path}: expected a file that no stage comes across, got one in ${found[0]}`;
  return fail(
    failure('precondition', got, {
      remedy: `keep it in a folder of its own outside, such as ~/.config/orchestrator/, or give ${flag}-fd`,
    }),
  );
}
