import { foldPath } from '../../core/scope/fold-path.ts';
import { displayKey } from '../path-bytes.ts';
import { pathName } from './path-name.ts';

/**
 * Which new paths are, where names are folded, the same path as another one of the result, or go through a folder that
 * is: `README` and `readme`, `src/a` and `SRC/b`. New path → the other one, for people.
 */
export function findCollisions(added: readonly string[], all: Iterable<string>): ReadonlyMap<string, string> {
  const wanted = new Map<string, string>();
  for (const key of added) for (const place of placesOf(key)) wanted.set(fold(place), place);
  if (wanted.size === 0) return new Map();
  const others = new Map<string, Set<string>>();
  const seen = new Set<string>();
  for (const key of all) {
    for (const place of placesOf(key)) {
      if (seen.has(place)) continue;
      seen.add(place);
      const folded = fold(place);
      if (!wanted.has(folded)) continue;
      const spellings = others.get(folded) ?? new Set();
      others.set(folded, spellings.add(place));
    }
  }
  const found = new Map<string, string>();
  for (const key of added) {
    const other = placesOf(key)
      .flatMap((place) => [...(others.get(fold(place)) ?? [])].filter((spelling) => spelling !== place))
      .at(0);
    if (other !== undefined) found.set(key, displayKey(other));
  }
  return found;
}

/** The path and every folder above it. */
function placesOf(key: string): readonly string[] {
  const places: string[] = [];
  for (let end = key.indexOf('/'); end !== -1; end = key.indexOf('/', end + 1))
    places.push(key.slice(0, end));
  return [...places, key];
}

function fold(key: string): string {
  return foldPath(pathName(key).name);
}
