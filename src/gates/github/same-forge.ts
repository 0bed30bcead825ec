/**
 * An address that the forge pointed to, where it lies below the base URL; null elsewhere. The token goes with every
 * request, so another host, port or scheme is never asked.
 */
export function withinForge(baseUrl: string, target: string, from: string): string | null {
  const base = new URL(`${trimmed(baseUrl)}/`);
  const url = URL.canParse(target, from) ? new URL(target, from) : null;
  if (url === null || url.username !== '' || url.password !== '') return null;
  return url.origin === base.origin && url.pathname.startsWith(base.pathname) ? url.href : null;
}

/** The base URL without slashes at its end. */
export function trimmed(baseUrl: string): string {
  return baseUrl.replace(/\/+$/, '');
}

/** One spelling for all addresses that mean the same page. */
export function canonical(address: string): string {
  const url = new URL(address);
  url.searchParams.sort();
  url.hash = '';
  return url.href;
}
