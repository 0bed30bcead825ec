import { fail, ok, type Result } from '../../core/result.ts';
import { type CallFailure, untrusted } from './call-failure.ts';
import { nextPage } from './link-header.ts';
import { type ReadCall, type ReadSession, read } from './reader.ts';
import { canonical, withinForge } from './same-forge.ts';

/** Entries that one page has at most; the most that the API gives. */
export const PAGE_SIZE = 100;

/** 20,000 entries: more than that is no list that a gate is decided from. */
const MAX_PAGES = 200;

/** One page, parsed. `total` is null where the endpoint counts nothing. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly total: number | null;
}

export interface ListCall<Item> extends ReadCall {
  /** Bytes of a page; the failure completes "the answer …". */
  readonly parse: (bytes: Uint8Array) => Result<Page<Item>, string>;
  /** What tells entries apart. */
  readonly idOf: (item: Item) => string;
}

/** A whole list, and the addresses that it came from. */
export interface WholeList<Item> {
  readonly items: readonly Item[];
  readonly addresses: readonly string[];
  readonly total: number | null;
}

/**
 * Every page of a list, or a failure: a page that is lost, that comes twice, that is empty where one was announced, or
 * that lies on another host is never taken for the end.
 */
export async function readPages<Item>(
  ports: ReadSession,
  list: ListCall<Item>,
): Promise<Result<WholeList<Item>, CallFailure>> {
  const found = new Map<string, Item>();
  const addresses: string[] = [];
  let total: number | null = null;
  let step: Step = { kind: 'page', url: list.url, announced: true };
  while (step.kind === 'page') {
    const { url, announced } = step;
    if (addresses.includes(canonical(url)))
      return fail(untrusted(list.call, 'links to a page that was read already'));
    if (addresses.length >= MAX_PAGES) return fail(untrusted(list.call, `has more than ${MAX_PAGES} pages`));
    const answer = await read(ports, { ...list, url });
    if (!answer.ok) return answer;
    const page = list.parse(answer.value.bytes);
    if (!page.ok) return fail(untrusted(list.call, page.failure));
    const problem = pageProblem(page.value, { first: addresses.length === 0, announced, total });
    if (problem !== null) return fail(untrusted(list.call, problem));
    total = page.value.total;
    addresses.push(canonical(url));
    for (const item of page.value.items) found.set(list.idOf(item), item);
    step = stepAfter(ports.baseUrl, url, answer.value.link, { ...page.value, found: found.size });
  }
  if (step.kind === 'odd') return fail(untrusted(list.call, step.problem));
  return ok({ items: [...found.values()], addresses, total });
}

type Step =
  | { readonly kind: 'page'; readonly url: string; readonly announced: boolean }
  | { readonly kind: 'end' }
  | { readonly kind: 'odd'; readonly problem: string };

interface PagePlace {
  readonly first: boolean;
  /** Whether the page before said that there is this one. */
  readonly announced: boolean;
  readonly total: number | null;
}

function pageProblem(page: Page<unknown>, { first, announced, total }: PagePlace): string | null {
  if (!first && page.total !== total) return 'changed its total between two pages';
  if (!first && announced && page.items.length === 0) return 'has an empty page where more was announced';
  if (!announced && page.items.length > 0) return 'goes on after a page that announced no other';
  return null;
}

/** A full page without a next one, in a list that counts nothing, is asked for its successor: it must be empty. */
function stepAfter(
  baseUrl: string,
  url: string,
  link: string | null,
  page: Page<unknown> & { readonly found: number },
): Step {
  const next = nextPage(link);
  if (next.kind === 'odd') return { kind: 'odd', problem: 'has a Link header that cannot be read' };
  if (next.kind === 'next') {
    const target = withinForge(baseUrl, next.target, url);
    if (target === null) return { kind: 'odd', problem: 'links to a page outside the base URL' };
    return { kind: 'page', url: target, announced: true };
  }
  if (page.total !== null) {
    const problem = `has ${page.found} different entries and counts ${page.total}: a page was lost, or it changed while it was read`;
    return page.found === page.total ? { kind: 'end' } : { kind: 'odd', problem };
  }
  return page.items.length < PAGE_SIZE
    ? { kind: 'end' }
    : { kind: 'page', url: pageAfter(url), announced: false };
}

function pageAfter(url: string): string {
  const next = new URL(url);
  next.searchParams.set('page', String(Number(next.searchParams.get('page') ?? '1') + 1));
  return next.href;
}
