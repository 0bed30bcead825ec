/** The files of a commit, as git has them. */
import type { Failure } from '../../core/failure.ts';
import { ok, type Result } from '../../core/result.ts';
import { type GitCall, nulRecords, runGit } from '../git-command.ts';

/** `mode` as git writes it (`100644`, `100755`, `120000`, `160000`). */
export interface CommittedEntry {
  readonly mode: string;
  readonly oid: string;
}

/** Path (a key, from the top level of the work tree) → entry, in the commit's order. */
export async function committedEntries(
  call: Omit<GitCall, 'args' | 'onChunk'>,
  commit: string,
): Promise<Result<Map<string, CommittedEntry>, Failure>> {
  const entries = new Map<string, CommittedEntry>();
  const onChunk = nulRecords((record) => {
    const tab = record.indexOf('\t');
    const [mode = '', , oid = ''] = record.slice(0, tab).split(' ');
    entries.set(record.slice(tab + 1), { mode, oid });
  });
  const args = ['ls-tree', '-r', '-z', '--full-tree', commit];
  const run = await runGit({ ...call, args, onChunk });
  return run.ok ? ok(entries) : run;
}
