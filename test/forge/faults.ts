import type { Fault } from './scenario.ts';

/** What goes over the wire: a text, as whole as a fault leaves it. */
export interface Wire {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** Never answered, cut half way, or sent as it is. */
  readonly end: 'whole' | 'cut' | 'held';
}

/** The answer, as a fault leaves it. */
export function spoil(wire: Wire, fault: Fault, nowSecs: number): Wire {
  switch (fault.kind) {
    case 'slow':
      return { ...wire, end: 'held' };
    case 'cut':
      return { ...wire, end: 'cut' };
    case 'status':
      return { status: fault.status, headers: plain(wire), text: '{"message":"fault"}', end: 'whole' };
    case 'rate_limited':
    case 'secondary_limit':
      return limited(wire, fault, nowSecs);
    case 'malformed':
      return { ...wire, text: wire.text.slice(0, Math.floor(wire.text.length / 2)) };
    case 'wrong_type':
      return { ...wire, text: wire.text.startsWith('[') ? '{}' : '[]' };
    case 'empty':
      return { ...wire, text: '' };
    case 'html':
      return {
        ...wire,
        headers: { ...wire.headers, 'content-type': 'text/html' },
        text: '<html>Hello</html>',
      };
    case 'redirect':
      return { status: 302, headers: { location: 'http://elsewhere.invalid/take' }, text: '', end: 'whole' };
    default:
      return spoilPages(wire, fault.kind);
  }
}

function spoilPages(wire: Wire, kind: string): Wire {
  const { link, ...others } = wire.headers;
  const next = /<([^>]+)>; rel="next"/.exec(link ?? '')?.[1] ?? '';
  switch (kind) {
    case 'lost_page':
      return { ...wire, headers: { ...others, 'x-next-page': '' } };
    case 'foreign_link':
      return { ...wire, headers: { ...others, link: '<http://elsewhere.invalid/page?page=2>; rel="next"' } };
    case 'link_loop':
      return {
        ...wire,
        headers: {
          ...wire.headers,
          link: `<${next.replace(/page=\d+$/, 'page=1')}>; rel="next"`,
          'x-next-page': '1',
        },
      };
    case 'wrong_total':
      return {
        ...wire,
        text: wire.text.replace(/"total_count":(\d+)/, (_, total) => `"total_count":${Number(total) + 1}`),
      };
    case 'empty_page':
      return { ...wire, text: wire.text.startsWith('[') ? '[]' : wire.text.replace(/\[.*\]/s, '[]') };
    default:
      throw new Error(`no fault of this kind: ${kind}`);
  }
}

/** A primary limit says when it is over, a secondary one how long to wait. */
function limited(wire: Wire, fault: Fault, nowSecs: number): Wire {
  const primary = fault.kind === 'rate_limited';
  const reset = `${nowSecs + fault.seconds}`;
  return {
    status: fault.status === 500 ? 403 : fault.status,
    headers: {
      ...plain(wire),
      ...(primary
        ? {
            'x-ratelimit-remaining': '0',
            'x-ratelimit-reset': reset,
            'ratelimit-remaining': '0',
            'ratelimit-reset': reset,
          }
        : { 'retry-after': `${fault.seconds}` }),
    },
    text: JSON.stringify({
      message: primary ? 'API rate limit exceeded' : 'You have exceeded a secondary rate limit',
    }),
    end: 'whole',
  };
}

/** Without what belongs to the lost body. */
function plain(wire: Wire): Record<string, string> {
  const { etag: _, link: __, ...others } = wire.headers;
  return others;
}
