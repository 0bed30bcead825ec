/** One entry of a page: what stands below a heading that is a code, a state or a few words. */
interface Entry {
  readonly page: string;
  readonly heading: string;
  readonly text: string;
}

/** A section as `explain` names it, `docs/failures.md#stage_failed`, or a page; the folder and the ending may be left out. */
const PLACE = /^(?:docs\/)?([a-z-]+?)(?:\.md)?(?:#(.+))?$/;

/**
 * The entries on a topic, of every page that has one, those of one page where it is named, or a whole page; null where
 * there is nothing of that name.
 */
export function helpTopic(pages: ReadonlyMap<string, string>, topic: string): string | null {
  const [, named = '', anchor] = PLACE.exec(/^\d+$/.test(topic) ? 'exit-codes' : topic) ?? [];
  const page = pages.get(named);
  if (page !== undefined && anchor === undefined) return `${plain(page)}\n`;
  const found = entriesOf(pages).filter((one) =>
    page === undefined || anchor === undefined
      ? plain(one.heading).toLowerCase() === topic.toLowerCase()
      : one.page === named && anchorOf(one.heading) === anchor.toLowerCase(),
  );
  if (found.length === 0) return null;
  return `${found.map((one) => `${plain(one.heading)} (docs/${one.page}.md)\n\n${plain(one.text)}`).join('\n\n')}\n`;
}

/** Everything that can be asked for. */
export function helpTopics(pages: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...pages.keys(), ...entriesOf(pages).map((one) => plain(one.heading))])];
}

/** What a link to a heading ends with. */
function anchorOf(heading: string): string {
  return plain(heading)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-');
}

function entriesOf(pages: ReadonlyMap<string, string>): readonly Entry[] {
  return [...pages].flatMap(([page, text]) =>
    text
      .split(/^#{2,3} /m)
      .slice(1)
      .map((part) => {
        const end = part.indexOf('\n');
        return { page, heading: part.slice(0, end), text: part.slice(end + 1) };
      }),
  );
}

/** Markdown as a terminal shows it: no emphasis, no targets of links, no comments. */
function plain(text: string): string {
  return text
    .replaceAll(/<!--[\s\S]*?-->\n*/g, '')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll('**', '')
    .replaceAll('`', '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}
