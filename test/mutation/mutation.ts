import type { Tier } from '../campaigns/campaign.ts';

/** What must notice that a defence is gone: the smallest part of a campaign, or one test of `test/e2e/`. */
export type Notice =
  | { readonly campaign: string; readonly tier: Tier; readonly point: string | null }
  | { readonly test: string; readonly name: string };

/** A piece of the sources and what stands there instead. */
export interface Edit {
  /** Relative to the root of the repository. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly search: string;
  readonly replace: string;
}

/** One defence, and how the sources are without it. */
export interface Mutation {
  /** Names the folder that the mutant is built in. */
  readonly name: string;
  /** What is taken out, in words. */
  readonly defence: string;
  /** More than one where one defence stands behind another. */
  readonly edits: readonly Edit[];
  readonly noticedBy: Notice;
}

/** The file's text after the edit. Throws where it does not apply exactly once, or changes nothing. */
export function applyEdit(text: string, { file, search, replace }: Edit): string {
  const times = text.split(search).length - 1;
  if (times !== 1) throw new Error(`expected once in ${file}, found ${times} times: ${search}`);
  if (search === replace) throw new Error(`an edit of ${file} changes nothing: ${search}`);
  return text.replace(search, () => replace);
}

/** The notice in one line. */
export function describeNotice(notice: Notice): string {
  if ('test' in notice) return `${notice.test}: ${notice.name}`;
  return `${notice.campaign} ${notice.tier}${notice.point === null ? '' : `: ${notice.point}`}`;
}
