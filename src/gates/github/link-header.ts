/** What a `Link` header says of the next page. */
export type NextPage =
  | { readonly kind: 'none' }
  | { readonly kind: 'next'; readonly target: string }
  | { readonly kind: 'odd' };

/** A `Link` header that has a next page names exactly one (RFC 8288); anything that cannot be read is `odd`. */
export function nextPage(header: string | null): NextPage {
  if (header === null || header.trim() === '') return { kind: 'none' };
  const links = header.split(/,(?=\s*<)/).map((part) => /^\s*<([^<>]+)>\s*((?:;[^<>]*)?)$/.exec(part));
  const next: string[] = [];
  for (const link of links) {
    if (link === null) return { kind: 'odd' };
    const [, target = '', parameters = ''] = link;
    const rel = /;\s*rel\s*=\s*(?:"([^"]*)"|([a-z]+))/i.exec(parameters);
    if (rel === null) return { kind: 'odd' };
    if ((rel[1] ?? rel[2] ?? '').toLowerCase().split(/\s+/).includes('next')) next.push(target);
  }
  const [target] = next;
  if (target === undefined) return { kind: 'none' };
  return next.length === 1 ? { kind: 'next', target } : { kind: 'odd' };
}
