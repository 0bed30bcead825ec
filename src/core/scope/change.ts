/** What a path is, as a git tree knows it, and three things that only a work tree can hold. */
export type FileMode =
  | 'file'
  | 'executable'
  | 'symlink'
  | 'submodule'
  /** A folder with a repository of its own that no tree records. */
  | 'repository'
  /** A pipe, socket or device in the place of a file. */
  | 'special';

export type ChangeKind = 'added' | 'deleted' | 'modified' | 'renamed' | 'type-changed' | 'mode-changed';

/** A path from repo-root, with `/`. */
export interface PathName {
  /** For people: one line, escaped where it is not text. */
  readonly path: string;
  /** Exactly, where `isText`; else U+FFFD stands for every byte that is not UTF-8. */
  readonly name: string;
  readonly isText: boolean;
  /** Whether it lies in the repository and outside of repo-root; then it begins with `../`. */
  readonly outsideRoot: boolean;
}

/** Where a symbolic link leads, every link on the way followed. */
export interface LinkTarget {
  /** The text of the link, for people, bounded. */
  readonly text: string;
  /** `lost` is a loop, or a way that cannot be told. */
  readonly place: 'inside' | 'outside' | 'lost';
  /** What it leads to; null unless `inside`. Empty for repo-root itself. */
  readonly to: PathName | null;
}

/** One path that is not as the base has it. Everything is read from trees and files, nothing from an agent's word. */
export interface Change extends PathName {
  readonly kind: ChangeKind;
  /** Where a renamed file was: the same bytes, gone there and new here. */
  readonly from: PathName | null;
  readonly oldMode: FileMode | null;
  readonly newMode: FileMode | null;
  /** Set where a link is there now. */
  readonly link: LinkTarget | null;
  /** Lines; bytes that are no text count too, and null says that they were not counted (too large). */
  readonly lines: { readonly added: number; readonly deleted: number } | null;
  /** Whether either side holds a NUL byte. */
  readonly binary: boolean;
  /** Bytes of what is there now; null where nothing is, or no file. */
  readonly size: number | null;
  /** Another path of the result that is the same one where names are folded; for new paths only. */
  readonly collidesWith: string | null;
  /** Whether only an ignore rule that the change itself brings keeps it out of sight. */
  readonly hidden: boolean;
}

/** Everything that differs between a base and what was validated, or a commit; in byte order of the paths. */
export interface ChangeSet {
  /** Full hex; null is a repository without a commit. */
  readonly base: string | null;
  /** The commit that was compared; null where the content of the work tree was. */
  readonly head: string | null;
  readonly changes: readonly Change[];
  /** What was not looked at, in words. */
  readonly notLookedAt: readonly string[];
}
