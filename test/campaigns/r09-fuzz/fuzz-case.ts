/** The run whose evidence a case starts from; `none` is an empty out_dir. `done` has passed every gate. */
export type Start = 'none' | 'blocked' | 'failed' | 'interrupted' | 'done';

/** Where in a document, as a part of its length: it fits documents of any length. */
type Place = number;

/** A change to a file; what depends on its content is told so that it fits the next run's file as well. */
export type Edit =
  | { readonly type: 'content'; readonly base64: string }
  | { readonly type: 'flip'; readonly at: Place; readonly bit: number }
  /** The next letter or digit becomes another one: most often still a document that fits its schema. */
  | { readonly type: 'nudge'; readonly at: Place }
  | { readonly type: 'cut'; readonly at: Place }
  | { readonly type: 'insert'; readonly at: Place; readonly base64: string }
  | { readonly type: 'remove'; readonly at: Place; readonly bytes: number }
  /** Of all values in a JSON document the one at this place; with `mends`, its own digest is computed anew. */
  | { readonly type: 'set'; readonly at: Place; readonly value: unknown; readonly mends: boolean }
  /** Every value of the keys that have this name. */
  | { readonly type: 'set-key'; readonly key: string; readonly value: unknown; readonly mends: boolean }
  | { readonly type: 'drop'; readonly at: Place; readonly mends: boolean }
  | { readonly type: 'drop-line'; readonly at: Place }
  | { readonly type: 'double-line'; readonly at: Place }
  /** Another thing in the file's place. */
  | { readonly type: 'folder' }
  | { readonly type: 'pipe' }
  | { readonly type: 'link'; readonly to: string };

export interface FileEdit {
  /** Relative to the working directory of the call. */
  readonly path: string;
  readonly edit: Edit;
}

/** One input, as it is kept in the corpus: JSON, and everything that is needed to try it again. */
export interface FuzzCase {
  /** The class of inputs it is from. */
  readonly input: string;
  readonly start: Start;
  readonly edits: readonly FileEdit[];
  readonly argv: readonly string[];
  /** Beside PATH, HOME and TMPDIR, which it may replace. */
  readonly env: Readonly<Record<string, string>>;
  /** Bytes of one more argument, in octal (`\377`), for what a string cannot hold; empty for none. */
  readonly rawArgument: string;
  /** The exit codes that fit such an input; 0 only where the call is one that prints. */
  readonly codes: readonly number[];
  /** What may be different after the call: nothing at all, out_dir, or all of the working directory. */
  readonly writes: 'nothing' | 'out' | 'work';
}

/** What most cases have in common. */
export const PLAIN_CASE = {
  start: 'none',
  edits: [],
  env: {},
  rawArgument: '',
  writes: 'out',
} as const satisfies Partial<FuzzCase>;
