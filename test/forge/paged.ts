import type { Answer, ForgeRequest } from './answer.ts';

/** One page of a list, with `Link`, and GitLab's own headers where they are asked for. */
export function paged(answer: Answer, request: ForgeRequest, style: 'github' | 'gitlab'): Answer {
  if (answer.list === undefined) return answer;
  const { items, key } = answer.list;
  const perPage = Math.min(
    100,
    whole(request.url.searchParams.get('per_page'), style === 'github' ? 30 : 20),
  );
  const page = whole(request.url.searchParams.get('page'), 1);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const slice = items.slice((page - 1) * perPage, page * perPage);
  return {
    status: answer.status,
    headers: {
      ...answer.headers,
      ...linkOf(request.url, page, last),
      ...(style === 'gitlab' ? gitlabHeaders(page, last, perPage, items.length) : {}),
    },
    body: key === null ? slice : { total_count: items.length, [key]: slice },
  };
}

function gitlabHeaders(page: number, last: number, perPage: number, total: number): Record<string, string> {
  return {
    'x-page': `${page}`,
    'x-per-page': `${perPage}`,
    'x-next-page': page < last ? `${page + 1}` : '',
    'x-prev-page': page > 1 ? `${page - 1}` : '',
    'x-total': `${total}`,
    'x-total-pages': `${last}`,
  };
}

function linkOf(url: URL, page: number, last: number): Record<string, string> {
  const to = (number: number, rel: string): string => {
    const target = new URL(url);
    target.searchParams.set('page', `${number}`);
    return `<${target.href}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [to(1, 'first'), to(page - 1, 'prev')] : []),
    ...(page < last ? [to(page + 1, 'next'), to(last, 'last')] : []),
  ];
  return links.length === 0 ? {} : { link: links.join(', ') };
}

function whole(text: string | null, otherwise: number): number {
  const value = Number(text ?? otherwise);
  return Number.isInteger(value) && value > 0 ? value : otherwise;
}
