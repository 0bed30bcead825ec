import type { CommitSubject } from '../formats/planning-context.ts';
import { runGit } from './git-command.ts';
import { isObjectId } from './head.ts';
import { displayKey } from './path-bytes.ts';
import type { OpenRepository } from './repository-question.ts';

const SUBJECT_CHARACTERS = 200;
/** Twenty subjects of ordinary length are a hundredth of it; what is over is not kept. */
const OUTPUT_BYTES = 256 * 1024;

/** The last `count` commits of HEAD, newest first; null when git cannot tell (a damaged history is no failure here). */
export async function recentCommits(
  repository: OpenRepository,
  count: number,
): Promise<CommitSubject[] | null> {
  const { head, folder, call } = repository;
  if (head.commit === null) return [];
  const chunks: Buffer[] = [];
  let kept = 0;
  const run = await runGit({
    ...call,
    args: ['log', '-z', `--max-count=${count}`, '--no-mailmap', '--format=%H %s', head.commit, '--'],
    repository: folder.withIndex,
    onChunk: (chunk) => {
      if (kept < OUTPUT_BYTES) chunks.push(chunk);
      kept += chunk.length;
    },
  });
  if (!run.ok) return null;
  const records = Buffer.concat(chunks).toString('latin1').split('\0');
  return records.map(parse).filter((commit) => commit !== null);
}

function parse(record: string): CommitSubject | null {
  const space = record.indexOf(' ');
  const commit = record.slice(0, space);
  if (!isObjectId(commit)) return null;
  return { commit, subject: displayKey(record.slice(space + 1)).slice(0, SUBJECT_CHARACTERS) };
}
