import type { Output } from '../output.ts';

/** What an operation that only reads evidence needs of the outside; `main` owns all of it. */
export interface OperationIo extends Output {
  /** The caller's working directory, absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Unix ms. */
  readonly now: () => number;
  readonly pid: number;
  readonly hostname: string;
  /** An existing folder for git's private files; nothing of it is left behind. */
  readonly tmpdir: string;
  readonly color: boolean;
  readonly unicode: boolean;
}
