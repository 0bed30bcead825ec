/** An account as GitHub shows it; the name tells a bot. */
export function account(login: string): Record<string, unknown> {
  return { login, id: idOf(login), type: login.endsWith('[bot]') ? 'Bot' : 'User', site_admin: false };
}

/** The same number for the same name, always. */
export function idOf(name: string): number {
  return [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7);
}

/** A GitHub App; the one of Actions has its real number. */
export function app(slug: string): Record<string, unknown> {
  const id = slug === 'github-actions' ? 15368 : idOf(slug);
  return { id, slug, name: slug, owner: account('github'), permissions: {}, events: [] };
}
