import type { GateSource } from '../../core/gates/gate-plan.ts';

/** Which pull request of which repository, and the commit that must be its head. */
export interface PullPlace {
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
  /** Full hex. */
  readonly sha: string;
}

export type GithubSource = Extract<GateSource, { readonly kind: 'github' }>;

/** A pull request in words. */
export function nameOf(place: PullPlace): string {
  return `${place.owner}/${place.repo}#${place.number}`;
}

/** Whether a text can be the name of an owner or a repository: one segment of a path that leads nowhere else. */
export function isName(text: string): boolean {
  return /^[A-Za-z0-9_.-]{1,200}$/.test(text) && text !== '.' && text !== '..';
}
