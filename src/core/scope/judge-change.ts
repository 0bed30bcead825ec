import type { Breach } from './breach.ts';
import type { BreachCode } from './breach-codes.ts';
import type { Change } from './change.ts';
import { isInGitDir, whyNotPortable } from './fold-path.ts';
import { judgePath, protectedBy } from './judge-path.ts';
import type { ScopeRules } from './scope-rules.ts';

/** All rules about one change: its path, where it was, and what it is. Budgets are of the whole (`budgets.ts`). */
export function judgeChange(change: Change, rules: ScopeRules | null): readonly Breach[] {
  const paths = [
    ...judgePath(change, rules),
    ...(change.from === null ? [] : judgePath(change.from, rules)),
    ...linkIntoGitDir(change),
  ];
  if (rules === null) return paths;
  return [...paths, ...nameRules(change), ...linkRules(change, rules), ...kindRules(change)];
}

function linkIntoGitDir(change: Change): readonly Breach[] {
  const { link } = change;
  if (link === null) return [];
  const to = link.to === null ? link.text : link.to.name;
  return isInGitDir(to) || isInGitDir(link.text)
    ? [
        breach(
          change,
          'path_in_git_dir',
          '.git is never changed',
          `is a link into a git folder: ${link.text}`,
        ),
      ]
    : [];
}

function nameRules(change: Change): readonly Breach[] {
  const isNew = change.kind === 'added' || change.kind === 'renamed';
  const why = isNew ? whyNotPortable(change) : null;
  return [
    ...(why === null
      ? []
      : [breach(change, 'name_not_portable', 'new names are portable', `is a name to avoid: ${why}`)]),
    ...(change.collidesWith === null
      ? []
      : [
          breach(
            change,
            'path_collides',
            'no two paths fold to one',
            `is the same path as ${change.collidesWith} where names are folded`,
          ),
        ]),
    ...(change.hidden
      ? [
          breach(
            change,
            'path_hidden',
            'no new ignore rule hides a file',
            'is out of sight only by an ignore rule that the change brings',
          ),
        ]
      : []),
  ];
}

function linkRules(change: Change, rules: ScopeRules): readonly Breach[] {
  const { link } = change;
  if (link === null) return [];
  if (link.to === null) {
    const where = link.place === 'outside' ? 'out of the repository' : 'nowhere that can be told';
    return [
      breach(
        change,
        'symlink_escapes',
        'links stay in repo-root',
        `is a link that leads ${where}: ${link.text}`,
      ),
    ];
  }
  const guarded = protectedBy(link.to, rules);
  return guarded === null
    ? []
    : [
        breach(
          change,
          'symlink_to_protected',
          guarded.rule,
          `is a link to ${link.to.path}, which is protected`,
        ),
      ];
}

function kindRules(change: Change): readonly Breach[] {
  const modes = [change.oldMode, change.newMode];
  if (modes.includes('submodule')) {
    return [
      breach(change, 'submodule_changed', 'submodules stay as they are', 'is a submodule that differs'),
    ];
  }
  if (change.newMode === 'repository') {
    return [
      breach(change, 'nested_repository', 'no repository in the repository', 'holds a repository of its own'),
    ];
  }
  if (change.newMode === 'special') {
    return [breach(change, 'special_file', 'only files and links', 'is neither file, link nor folder')];
  }
  // Both ways: a check that is no longer executable is a check that is skipped.
  const flipped = change.oldMode !== change.newMode && modes.includes('file') && modes.includes('executable');
  return flipped
    ? [
        breach(
          change,
          'mode_changed',
          'modes of existing files stay as they are',
          `was ${change.oldMode}, is ${change.newMode}`,
        ),
      ]
    : [];
}

function breach(change: Change, code: BreachCode, rule: string, what: string): Breach {
  return {
    code,
    path: change.path,
    rule,
    message: `${change.path} ${what}`,
    remedy:
      code === 'path_hidden'
        ? 'remove it, have the base ignore it, or leave it out with --tree-ignore'
        : 'take it out of the change, or leave it to a person',
  };
}
