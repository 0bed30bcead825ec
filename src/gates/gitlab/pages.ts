import type * as z from 'zod';
import { fail, ok, type Result } from '../../core/result.ts';
import { parseAnswer } from '../../formats/gitlab/parse.ts';
import type { Seen } from './memory.ts';
import type { GitlabPorts } from './ports.ts';
import { type Reply, request } from './request.ts';
import { type Trouble, trouble } from './trouble.ts';

const PER_PAGE = 100;

/** No list here is longer; what is cannot be judged. */
const MOST_PAGES = 100;

/** One document of the given shape. */
export async function readOne<Shape extends z.ZodType>(
  ports: GitlabPorts,
  path: string,
  schema: Shape,
  seen: Seen,
): Promise<Result<z.infer<Shape>, Trouble>> {
  const reply = await request(ports, { method: 'GET', path, expect: [200] });
  if (!reply.ok) return reply;
  seen.bytes.push(reply.value.bytes);
  const parsed = parseAnswer(schema, reply.value.bytes);
  return parsed.ok ? parsed : fail(trouble(`GET ${path}: the answer ${parsed.failure}`));
}

/**
 * A whole list. Pages are counted up here; what the forge says of the next one (`x-next-page`, `Link`) and of the
 * total must agree with that, so that a lost page, a loop and a link to another host are found. No link is followed.
 */
export async function readList<Item extends z.ZodType>(
  ports: GitlabPorts,
  path: string,
  schema: z.ZodArray<Item>,
  seen: Seen,
): Promise<Result<readonly z.infer<Item>[], Trouble>> {
  const items: z.infer<Item>[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const at = `${path}${path.includes('?') ? '&' : '?'}per_page=${PER_PAGE}&page=${page}`;
    const reply = await request(ports, { method: 'GET', path: at, expect: [200] });
    if (!reply.ok) return reply;
    seen.bytes.push(reply.value.bytes);
    const parsed = parseAnswer(schema, reply.value.bytes);
    if (!parsed.ok) return fail(trouble(`GET ${at}: the answer ${parsed.failure}`));
    items.push(...parsed.value);
    const next = nextOf(reply.value, page, {
      baseUrl: ports.baseUrl,
      count: parsed.value.length,
      items: items.length,
    });
    if (typeof next === 'string') return fail(trouble(`GET ${at}: ${next}`));
    if (!next) return ok(items);
  }
  return fail(trouble(`GET ${path}: more than ${MOST_PAGES} pages`));
}

/** Whether there is another page; words where what the forge says of it does not fit. */
function nextOf(
  { headers }: Reply,
  page: number,
  read: { readonly baseUrl: string; readonly count: number; readonly items: number },
): boolean | string {
  const named = headers.get('x-next-page');
  const link = nextLink(headers.get('link'));
  if (link !== null && !fits(link, page + 1, read.baseUrl))
    return 'the link to the next page leads elsewhere';
  if (named !== null && named !== '' && named !== `${page + 1}`)
    return `the next page is said to be ${named.slice(0, 20)}`;
  if (named !== null && (named !== '') !== (link !== null))
    return 'headers disagree on whether there is another page';
  const more = link !== null || (named ?? '') !== '';
  const total = headers.get('x-total');
  if (total !== null && !more && total !== `${read.items}`) {
    return `${read.items} entries came, the total is said to be ${total.slice(0, 20)}`;
  }
  if (more && read.count !== PER_PAGE) return 'a page that is not the last one is not full';
  // Long lists have no total: a full last page is only believed when the next one is empty.
  return more || (total === null && read.count === PER_PAGE);
}

function nextLink(header: string | null): string | null {
  return /<([^>]*)>\s*;[^,]*\brel="?next"?/.exec(header ?? '')?.[1] ?? null;
}

function fits(link: string, page: number, baseUrl: string): boolean {
  if (!URL.canParse(link)) return false;
  const url = new URL(link);
  return url.origin === new URL(baseUrl).origin && url.searchParams.get('page') === `${page}`;
}
