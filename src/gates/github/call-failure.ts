/** Why a question to the forge has no answer that counts. */
export interface CallFailure {
  readonly kind: /** 401, 403, 404 and any other answer that is none. */
    | 'refused'
    /** The forge asked for a pause; `retryAtMs` is set. */
    | 'limited'
    /** 5xx, slow, cut, no connection: may be gone the next time. */
    | 'transient'
    /** Not the documented shape, not whole, or pointing to another host. */
    | 'untrusted'
    /** The run ends. */
    | 'cancelled';
  readonly message: string;
  readonly remedy: string;
  /** HTTP status, where there was one. */
  readonly status: number | null;
  /** Unix ms. */
  readonly retryAtMs: number | null;
}

/** A failure of the kind `untrusted`; `what` completes "GitHub's answer …". */
export function untrusted(call: string, what: string): CallFailure {
  return {
    kind: 'untrusted',
    message: `${call}: the answer ${what}`,
    remedy: 'ask again with --resume; where it stays, look at what stands between here and the forge',
    status: null,
    retryAtMs: null,
  };
}

/** A failure that may be gone the next time. */
export function transient(call: string, what: string, status: number | null = null): CallFailure {
  return {
    kind: 'transient',
    message: `${call}: ${what}`,
    remedy: 'ask again with --resume',
    status,
    retryAtMs: null,
  };
}
