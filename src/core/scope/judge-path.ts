import type { Breach } from './breach.ts';
import type { PathName } from './change.ts';
import { foldPath, isInGitDir, isOutside } from './fold-path.ts';
import type { ScopeRules } from './scope-rules.ts';

/** Rules that hold for a path whatever happens to it: changed, deleted, moved away, or only planned. */
export function judgePath(path: PathName, rules: ScopeRules | null): readonly Breach[] {
  const always = alwaysRefused(path);
  if (always !== null) return [always];
  if (rules === null) return [];
  if (path.outsideRoot) return [outsideOfRoot(path)];
  const breaches = [notAllowed(path, rules), protectedBy(path, rules)];
  return breaches.filter((breach) => breach !== null);
}

/** `.git` under any of its names, and what is not in the repository: no scope allows these. */
function alwaysRefused(path: PathName): Breach | null {
  const text = path.name;
  if (isInGitDir(text)) {
    return {
      code: 'path_in_git_dir',
      path: path.path,
      rule: '.git is never changed',
      message: `${path.path} is, or is on some system, in a git folder`,
      remedy: 'take it out of the change',
    };
  }
  if (!isOutside(path.outsideRoot ? text.replace(/^(?:\.\.\/)+/, '') : text)) return null;
  return {
    code: 'path_outside_repository',
    path: path.path,
    rule: 'only the repository is changed',
    message: `${path.path} leads out of the repository`,
    remedy: 'take it out of the change',
  };
}

function outsideOfRoot(path: PathName): Breach {
  return {
    code: 'path_outside_root',
    path: path.path,
    rule: 'only repo-root is changed',
    message: `${path.path} lies in the repository and outside of repo-root`,
    remedy: 'undo it, commit it before the run, or name the top folder with --repo-root',
  };
}

function notAllowed(path: PathName, rules: ScopeRules): Breach | null {
  if (rules.allowed === null || rules.allowed(foldPath(path.name)) !== null) return null;
  return {
    code: 'path_not_allowed',
    path: path.path,
    rule: `allowed: ${rules.plan.allowed.slice(0, 5).join(', ')}${rules.plan.allowed.length > 5 ? ', …' : ''}`,
    message: `${path.path} is not among the paths that may change`,
    remedy: 'keep to the allowed paths, or allow this one',
  };
}

/** The glob that protects the path; the project's own cannot be lifted, the built-in ones can. */
export function protectedBy(path: PathName, rules: ScopeRules): Breach | null {
  const folded = foldPath(path.name);
  const own = rules.protected(folded);
  const builtIn = rules.unprotected(folded) === null ? rules.builtIn(folded) : null;
  const glob = own ?? builtIn;
  if (glob === null) return null;
  const remedy =
    own === null
      ? 'leave it to a person, or name it as unprotected'
      : 'leave it to a person, or take it off the protected paths';
  return {
    code: 'path_protected',
    path: path.path,
    rule: `protected: ${glob}`,
    message: `${path.path} is protected`,
    remedy,
  };
}
