/** Whether a variable's name is meant by a list of names and globs. */
export type NameMatcher = (name: string) => boolean;

/** Matches nothing. */
export const NO_NAMES: NameMatcher = () => false;

/** `--pass-env` and `--redact-env`: names, or globs (`AWS_*`). picomatch is loaded only when there is a glob. */
export async function compileNames(patterns: readonly string[]): Promise<NameMatcher> {
  const isGlob = (pattern: string) => /[*?[\]{}()!+@]/.test(pattern);
  const names = new Set(patterns.filter((pattern) => !isGlob(pattern)));
  const globs = patterns.filter(isGlob);
  if (globs.length === 0) return (name) => names.has(name);
  const { default: picomatch } = await import('picomatch');
  const matches = picomatch(globs, { dot: true });
  return (name) => names.has(name) || matches(name);
}
