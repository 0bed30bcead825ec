import type { ScopePlan } from '../core/gates/gate-plan.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { foldPath } from '../core/scope/fold-path.ts';
import { PROTECTED_PATHS } from '../core/scope/protected-paths.ts';
import type { GlobMatch, ScopeRules } from '../core/scope/scope-rules.ts';
import { quote } from './printable.ts';

const MAX_LENGTH = 1_000;
const OPTIONS = { dot: true, nonegate: true, noextglob: true, strictBrackets: true, posix: false } as const;

/**
 * One glob of a scope as it is used: `docs/` is `docs/**`. The failure is one line that says what is wrong with it: a
 * glob that can never match would protect nothing.
 */
export async function parseScopeGlob(glob: string): Promise<Result<string, string>> {
  const why = whyRefused(glob);
  if (why !== null) return fail(`${quote(glob)} is no glob of paths below repo-root: ${why}`);
  const whole = glob.endsWith('/') ? `${glob}**` : glob;
  const { default: picomatch } = await import('picomatch');
  try {
    picomatch.makeRe(foldGlob(whole), OPTIONS);
    return ok(whole);
  } catch {
    return fail(`${quote(glob)} is no glob of paths below repo-root: brackets do not match`);
  }
}

function whyRefused(glob: string): string | null {
  if (glob.trim() === '') return 'it is empty';
  if (glob.length > MAX_LENGTH) return `it is longer than ${MAX_LENGTH} characters`;
  if (glob !== glob.trim()) return 'it begins or ends with a blank';
  if (/[\u0000-\u001f\u007f\\]/.test(glob)) return 'it holds a control character or a backslash';
  if (/^[!#]/.test(glob)) return 'a leading ! or # has no meaning here';
  if (/^(?:\/|[a-z]:)/i.test(glob)) return 'it is absolute';
  if (glob.split('/').some((part) => part === '..' || part === '.')) return 'it holds . or ..';
  if (glob.includes('//')) return 'it holds an empty part';
  if (/\[\[?:/.test(glob)) return 'character classes by name are not supported';
  if (/[@!?+*]\(/.test(glob)) return 'extended globs are not supported';
  return null;
}

/**
 * Compiles a scope's globs; picomatch is loaded here. The globs must have passed `parseScopeGlob`: one that has not is
 * a bug and throws.
 */
export async function compileScope(plan: ScopePlan): Promise<ScopeRules> {
  const { default: picomatch } = await import('picomatch');
  const compile = async (globs: readonly string[], andBelow: boolean): Promise<GlobMatch> => {
    const rules: { readonly glob: string; readonly pattern: RegExp }[] = [];
    for (const glob of globs) {
      const parsed = await parseScopeGlob(glob);
      if (!parsed.ok) throw new Error(parsed.failure);
      rules.push({ glob, pattern: picomatch.makeRe(foldGlob(parsed.value), OPTIONS) });
    }
    if (rules.length === 0) return () => null;
    // Nearly every path matches none: one pattern says so.
    const any = new RegExp(rules.map(({ pattern }) => `(?:${pattern.source})`).join('|'));
    const first = (path: string): string | null =>
      any.test(path) ? (rules.find(({ pattern }) => pattern.test(path))?.glob ?? null) : null;
    return andBelow ? (path) => firstOnTheWay(path, first) : first;
  };
  return {
    plan,
    allowed: plan.allowed.length === 0 ? null : await compile(plan.allowed, false),
    protected: await compile(plan.protected, true),
    builtIn: await compile(PROTECTED_PATHS, true),
    unprotected: await compile(plan.unprotected, false),
  };
}

/** The path itself and every folder above it: what protects a folder protects what is in it. */
function firstOnTheWay(path: string, first: GlobMatch): string | null {
  for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
    const glob = first(path.slice(0, end));
    if (glob !== null) return glob;
  }
  return first(path);
}

/** As paths are folded, but for what has a meaning in a glob. */
function foldGlob(glob: string): string {
  return glob
    .split(/([*?[\]{},!-]+)/)
    .map((piece, at) => (at % 2 === 1 ? piece : foldCase(piece)))
    .join('');
}

function foldCase(piece: string): string {
  return /^[\x20-\x7e]*$/.test(piece) ? piece.toLowerCase() : foldPath(piece);
}
