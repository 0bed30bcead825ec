/**
 * Whether to colour: a flag wins, then NO_COLOR, FORCE_COLOR, then whether it is a terminal. A variable that is empty
 * says nothing (no-color.org, force-color.org).
 */
export function wantsColor(about: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTty: boolean;
  /** `--no-color` is false; null where nothing was asked. */
  readonly asked: boolean | null;
}): boolean {
  if (about.asked !== null) return about.asked;
  const { NO_COLOR: no, FORCE_COLOR: force, TERM: term } = about.env;
  if (no !== undefined && no !== '') return false;
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  return about.isTty && term !== 'dumb';
}

/** Whether the locale says UTF-8; the first of the three that is set decides (POSIX, 8.2). */
export function isUnicodeLocale(env: Readonly<Record<string, string | undefined>>): boolean {
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((one) => one !== undefined && one !== '');
  return /utf-?8/i.test(locale ?? '');
}

/**
 * Has what a terminal does not take kept back: as the runtime comes, a write to one that was stopped (ctrl-S), or that
 * nobody reads, holds up the whole process, time limits and signals included. Does nothing to another kind of stream.
 */
export function keepBack(stream: NodeJS.WriteStream): void {
  if (!stream.isTTY) return;
  // There is no other way to it than the handle, which is the runtime's own.
  const handle: unknown = Reflect.get(stream, '_handle');
  if (typeof handle !== 'object' || handle === null) return;
  const setBlocking: unknown = Reflect.get(handle, 'setBlocking');
  if (typeof setBlocking === 'function') Reflect.apply(setBlocking, handle, [false]);
}
