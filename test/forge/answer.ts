/** What is asked of the forge. */
export interface ForgeRequest {
  readonly method: string;
  /** With the query, as it was sent. */
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed; null where there was none. */
  readonly body: unknown;
}

/** What the forge says, before limits, conditions and faults are laid over it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** A list of which one page is asked for: `key` is the field that holds it beside `total_count`. */
  readonly list?: { readonly items: readonly unknown[]; readonly key: string | null };
}

/** A document. */
export function found(body: unknown, status = 200): Answer {
  return { status, headers: {}, body };
}

/** A list, to be paged. */
export function listed(items: readonly unknown[], key: string | null = null): Answer {
  return { status: 200, headers: {}, body: null, list: { items, key } };
}

/** A refusal in the words of the forge. */
export function refused(status: number, message: unknown): Answer {
  return { status, headers: {}, body: { message } };
}

/** One route: its name for faults and counts, and what a path must look like. */
export interface Route {
  readonly name: string;
  readonly method: string;
  readonly path: RegExp;
  readonly answer: (parts: readonly string[], request: ForgeRequest) => Answer;
}
