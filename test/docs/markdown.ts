/** A link of a page, as it is written. */
export interface PageLink {
  readonly target: string;
  /** From 1. */
  readonly line: number;
}

/** Links of a markdown text: inline, images, and references. What is code is no link. */
export function linksOf(markdown: string): readonly PageLink[] {
  const text = withoutCode(markdown);
  const inline = text.matchAll(/\[(?:[^\][]|\[[^\]]*\])*\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g);
  const references = text.matchAll(/^\[[^\]]+\]:\s*<?([^\s>]+)>?/gm);
  return [...inline, ...references].map((match) => ({
    target: match[1] ?? '',
    line: text.slice(0, match.index).split('\n').length,
  }));
}

/**
 * The anchors of a page as GitHub makes them of its headings: lower case, punctuation but `-` and `_` left out, blanks as
 * `-`, the second of a name with `-1`. Anchors that are written as HTML count too.
 */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  const times = new Map<string, number>();
  for (const [, heading = ''] of withoutFences(markdown).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const anchor = anchorOf(heading);
    const before = times.get(anchor) ?? 0;
    times.set(anchor, before + 1);
    anchors.add(before === 0 ? anchor : `${anchor}-${before}`);
  }
  for (const [, id = ''] of markdown.matchAll(/<a (?:id|name)="([^"]+)">/g)) anchors.add(id);
  return anchors;
}

function anchorOf(heading: string): string {
  const words = heading.replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('\\', '');
  return words
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
    .replaceAll(' ', '-');
}

/** Blanks in the place of fenced blocks, so that lines keep their numbers. */
function withoutFences(markdown: string): string {
  return markdown.replaceAll(/^( *)(```+|~~~+)[^\n]*\n[\s\S]*?^\1\2`*$/gm, blanked);
}

function withoutCode(markdown: string): string {
  return withoutFences(markdown).replaceAll(/(`+)[^`](?:[\s\S]*?[^`])?\1(?!`)/g, blankedInText);
}

function blanked(text: string): string {
  return text.replaceAll(/[^\n]/g, ' ');
}

/** Code in the text of a link must not take its brackets along. */
function blankedInText(text: string): string {
  return text.replaceAll(/[^\n]/g, '.');
}
