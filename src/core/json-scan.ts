/** Where and why a text is not acceptable; `at` counts UTF-16 units. */
export interface ScanProblem {
  readonly problem: string;
  readonly at: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
const ESCAPABLE = new Set([...'"\\/bfnrt'].map((character) => character.charCodeAt(0)));

/**
 * Checks the grammar of RFC 8259 and our additions in one pass without recursion, so that neither a million
 * brackets nor a large file costs more than the walk. Returns null when the text is acceptable.
 *
 *     value ─ scalar ─────────────┐
 *       │ { or [ → open           ▼
 *       └──────────────▶ value … after ─ , → value   } or ] → after one level up   end → accepted
 */
export function scanJson(text: string, maxDepth: number): ScanProblem | null {
  return new Scanner(text, maxDepth).run();
}

class Scanner {
  private readonly text: string;
  private readonly maxDepth: number;
  private at = 0;
  /** One entry per open container: its closing character. */
  private readonly closers: number[] = [];
  /** The only key so far per depth: most objects of a long list are small, and a set for each costs more than the scan. */
  private readonly firstKey: (string | null)[] = [];
  /** All keys per depth, once there are two; reused by the next object of that depth. */
  private readonly keys: Set<string>[] = [];
  private found: ScanProblem | null = null;

  constructor(text: string, maxDepth: number) {
    this.text = text;
    this.maxDepth = maxDepth;
  }

  run(): ScanProblem | null {
    let more = this.value();
    while (more) more = this.closers.length === 0 ? this.end() : this.after();
    return this.found;
  }

  private refuse(problem: string, at = this.at): false {
    this.found ??= { problem: at >= this.text.length ? 'ends too early' : problem, at };
    return false;
  }

  private space(): number {
    let code = this.text.charCodeAt(this.at);
    while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) {
      this.at += 1;
      code = this.text.charCodeAt(this.at);
    }
    return code;
  }

  private end(): boolean {
    this.space();
    if (this.at < this.text.length) this.refuse('has something after its value');
    return false;
  }

  /** A value with what precedes it; opens containers until a scalar or an empty container has been passed. */
  private value(): boolean {
    for (;;) {
      const code = this.space();
      if (code === 0x7b || code === 0x5b) {
        const opened = this.open(code);
        if (opened === 'closed') return true;
        if (opened === 'refused') return false;
        continue;
      }
      if (code === QUOTE) return this.string();
      if (code === 0x2d || (code >= 0x30 && code <= 0x39)) return this.number();
      return this.word();
    }
  }

  private open(code: number): 'open' | 'closed' | 'refused' {
    if (this.closers.length >= this.maxDepth) {
      this.refuse(`is nested deeper than ${this.maxDepth}`);
      return 'refused';
    }
    const closer = code === 0x7b ? 0x7d : 0x5d;
    this.at += 1;
    if (this.space() === closer) {
      this.at += 1;
      return 'closed';
    }
    this.closers.push(closer);
    if (closer === 0x5d) return 'open';
    this.firstKey[this.closers.length] = null;
    return this.key() ? 'open' : 'refused';
  }

  /** After a value inside a container: the next one, or the container's end. */
  private after(): boolean {
    const closer = this.closers.at(-1);
    const code = this.space();
    if (code === closer) {
      this.at += 1;
      this.closers.pop();
      return true;
    }
    if (code !== 0x2c) return this.refuse(`expected "," or "${closer === 0x7d ? '}' : ']'}"`);
    this.at += 1;
    if (closer === 0x7d && !this.key()) return false;
    return this.value();
  }

  private key(): boolean {
    if (this.space() !== QUOTE) return this.refuse('expected a key in double quotes');
    const start = this.at;
    if (!this.string()) return false;
    const raw = this.text.slice(start, this.at);
    const key: string = raw.includes('\\') ? JSON.parse(raw) : raw.slice(1, -1);
    if (key === '__proto__') return this.refuse('has a key "__proto__"', start);
    if (this.isRepeated(key)) return this.refuse('has a duplicate key', start);
    if (this.space() !== 0x3a) return this.refuse('expected ":"');
    this.at += 1;
    return true;
  }

  private isRepeated(key: string): boolean {
    const depth = this.closers.length;
    const first = this.firstKey[depth] ?? null;
    if (first === null) {
      this.firstKey[depth] = key;
      this.keys[depth]?.clear();
      return false;
    }
    let seen = this.keys[depth];
    if (seen === undefined) {
      seen = new Set();
      this.keys[depth] = seen;
    }
    seen.add(first);
    const before = seen.size;
    return seen.add(key).size === before;
  }

  private string(): boolean {
    this.at += 1;
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code === QUOTE) {
        this.at += 1;
        return true;
      }
      if (code === BACKSLASH) {
        if (!this.escape()) return false;
      } else if (code >= 0x20) {
        this.at += 1;
      } else {
        // NaN, at the end of the text, fails every comparison and comes here too.
        return this.refuse('has a control character in a string');
      }
    }
  }

  private escape(): boolean {
    const code = this.text.charCodeAt(this.at + 1);
    if (ESCAPABLE.has(code)) {
      this.at += 2;
      return true;
    }
    if (code === LETTER_U && /^[0-9a-fA-F]{4}$/.test(this.text.slice(this.at + 2, this.at + 6))) {
      this.at += 6;
      return true;
    }
    return this.refuse('has an unknown escape in a string');
  }

  private number(): boolean {
    const start = this.at;
    if (this.text.charCodeAt(this.at) === 0x2d) this.at += 1;
    const whole = this.at;
    if (!this.digits()) return false;
    if (this.text.charCodeAt(whole) === 0x30 && this.at > whole + 1) {
      return this.refuse('has a number with a leading zero', whole);
    }
    if (this.text.charCodeAt(this.at) === 0x2e) {
      this.at += 1;
      if (!this.digits()) return false;
    }
    const exponent = this.text.charCodeAt(this.at) | 0x20;
    if (exponent === 0x65) {
      this.at += 1;
      const sign = this.text.charCodeAt(this.at);
      if (sign === 0x2b || sign === 0x2d) this.at += 1;
      if (!this.digits()) return false;
    }
    // Only an exponent or some 300 digits can leave the range of a double.
    if (exponent !== 0x65 && this.at - start < 300) return true;
    if (Number.isFinite(Number(this.text.slice(start, this.at)))) return true;
    return this.refuse('has a number that is not finite', start);
  }

  private digits(): boolean {
    const start = this.at;
    let code = this.text.charCodeAt(this.at);
    while (code >= 0x30 && code <= 0x39) {
      this.at += 1;
      code = this.text.charCodeAt(this.at);
    }
    return this.at > start || this.refuse('expected a digit');
  }

  private word(): boolean {
    for (const word of ['true', 'false', 'null']) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return true;
      }
    }
    return this.refuse('expected a value');
  }
}
