import { html, type Markup, type Part } from './markup.ts';

/** `12 earlier records are left out.`; nothing for none. A page that lists less than there is says so. */
export function countedRows(omitted: number, what: string): Part {
  return omitted <= 0 ? null : html`<p class="omitted">${omitted} ${what} left out.</p>\n`;
}

/** Terms and what they are; an empty value is left out. */
export function facts(rows: readonly (readonly [string, Part])[]): Markup {
  const shown = rows.filter(([, value]) => value !== null && value !== '');
  return html`<dl class="facts">${shown.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>\n`;
}

/** The same, one below the other, for values that are long. */
export function table(rows: readonly (readonly [string, Part])[]): Markup {
  return html`<div class="table">${facts(rows)}</div>\n`;
}

/** A digest or a path: may be long, is copied. */
export function mono(text: string | null): Part {
  return text === null || text === '' ? null : html`<code>${text}</code>`;
}

/** A section with its heading; null where it has nothing to show. */
export function section(id: string, title: string, body: Part): Markup | null {
  if (body === null) return null;
  return html`<section id="${id}" aria-labelledby="h-${id}"><h2 id="h-${id}">${title}</h2>\n${body}</section>\n`;
}

/** An RFC 3339 time without its fraction; what is none stays as it is. */
export function toTheSecond(time: string): string {
  return time.replace(/^(.{19})\.\d{1,9}Z$/, '$1Z');
}
