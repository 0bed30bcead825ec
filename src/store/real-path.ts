import { realpathSync } from 'node:fs';

/** The real path, or the path itself where nothing is there yet or it cannot be resolved. */
export function realOrSame(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}
