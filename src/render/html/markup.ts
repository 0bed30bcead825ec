import { oneLine } from '../harmless.ts';

/** HTML that this program wrote itself. Its text is private: no document that was read can pass for one. */
export class Markup {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }

  /** For text of this program alone: the style sheet, drawings. */
  static own(text: string): Markup {
    return new Markup(text);
  }
}

/** What can stand in a template: text is escaped, null is nothing. */
export type Part = string | number | Markup | null | readonly Part[];

/** Longer text is cut, in UTF-16 units. */
const MAX_TEXT = 2000;

const MARKUP = /[&<>"'`]/g;

/**
 * Any text as HTML text or as a quoted attribute: control characters and changes of direction are shown and not
 * obeyed, markup is entities, one line of at most `maxLength`. The only way for text into a page.
 */
export function escapeHtml(text: string, maxLength = MAX_TEXT): string {
  return oneLine(text, maxLength).replace(MARKUP, (found) => `&#${found.charCodeAt(0)};`);
}

/** `html\`<b>${text}</b>\``: what is put in is escaped unless it is markup already. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let text = strings[0] ?? '';
  parts.forEach((part, index) => {
    text += rendered(part) + (strings[index + 1] ?? '');
  });
  return Markup.own(text);
}

/** Text that is cut sooner than others. */
export function short(text: string, maxLength: number): Markup {
  return Markup.own(escapeHtml(text, maxLength));
}

function rendered(part: Part): string {
  if (part === null) return '';
  if (typeof part === 'string') return escapeHtml(part);
  if (typeof part === 'number') return String(part);
  return part instanceof Markup ? part.toString() : part.map(rendered).join('');
}
