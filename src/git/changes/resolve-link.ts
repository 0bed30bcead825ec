import { foldPath } from '../../core/scope/fold-path.ts';
import { pathName } from './path-name.ts';

/** Links followed on one way; systems give up at 40. */
const MAX_HOPS = 40;

/** A link's end: a key from the top level of the work tree. */
export type LinkEnd =
  | { readonly kind: 'inside'; readonly key: string }
  | { readonly kind: 'outside' | 'lost' };

/** The text of the link at a path, null where there is none; names are folded. */
export type LinkAt = (key: string) => string | null;

/** Reads links by their folded path: `Lib/..` goes through the link `lib` where names are folded. */
export function linksByFoldedPath(links: ReadonlyMap<string, string>): LinkAt {
  const folded = new Map([...links].map(([key, text]) => [foldPath(pathName(key).name), text]));
  return (key) => folded.get(foldPath(pathName(key).name)) ?? null;
}

/**
 * Where the link at `from` leads, with every link on the way followed: `..` after a link climbs from where that one
 * leads, so the text alone does not tell. An absolute target is outside, wherever it points.
 */
export function resolveLink(from: string, text: string, linkAt: LinkAt): LinkEnd {
  const at = from.split('/').slice(0, -1);
  let todo = [text];
  for (let hops = 0; todo.length > 0; ) {
    const [next = '', ...rest] = todo;
    if (/^\/|^[a-z]:/i.test(next)) return { kind: 'outside' };
    if (next.includes('\\') || next.includes('\0')) return { kind: 'lost' };
    const [part = '', ...more] = next.split('/');
    todo = more.length === 0 ? rest : [more.join('/').replace(/^\/+/, ''), ...rest];
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (at.pop() === undefined) return { kind: 'outside' };
      continue;
    }
    at.push(part);
    const link = linkAt(at.join('/'));
    if (link === null) continue;
    hops += 1;
    if (hops > MAX_HOPS) return { kind: 'lost' };
    at.pop();
    todo = [link, ...todo];
  }
  return { kind: 'inside', key: at.join('/') };
}
