import { fail, ok, type Result } from '../../core/result.ts';
import { findTool } from '../find-tool.ts';

/** The absolute path of bubblewrap on the caller's PATH, outside the work tree; the failure says why there is none. */
export function findBubblewrap(path: string, workTree: string): Result<string, string> {
  if (process.platform !== 'linux') return fail(`sandboxes need Linux, this is ${process.platform}`);
  const file = findTool('bwrap', path, workTree);
  return file === null ? fail('bubblewrap (bwrap) was not found on PATH') : ok(file);
}
