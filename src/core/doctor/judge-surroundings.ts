import { type Finding, fine, warning } from './finding.ts';

/** What this command was started in. */
export interface Surroundings {
  /** The value of the variable that decides (LC_ALL, LC_CTYPE, LANG); null where none is set. */
  readonly locale: string | null;
  readonly isUnicode: boolean;
  readonly isTty: boolean;
  /** null where stdout is no terminal. */
  readonly columns: number | null;
  readonly color: boolean;
  /** The variable that says that this is a CI, and its product; null outside of one. */
  readonly ci: string | null;
}

/** Narrower than this, lines of progress are cut short. */
const NARROW_COLUMNS = 60;

/** What output looks like here; nothing of it keeps a run from being done. */
export function judgeSurroundings(facts: Surroundings): readonly Finding[] {
  return [judgeLocale(facts), judgeTerminal(facts), judgeCi(facts)];
}

function judgeLocale({ locale, isUnicode }: Surroundings): Finding {
  const check = 'locale';
  const seen = locale ?? 'none is set';
  if (isUnicode) return fine({ check, seen, means: 'progress is drawn with Unicode' });
  return warning({
    check,
    seen,
    means: 'progress is drawn in ASCII, and stages that print other characters may garble or refuse them',
    fix: 'export LC_ALL=C.UTF-8',
  });
}

function judgeTerminal({ isTty, columns, color }: Surroundings): Finding {
  const check = 'terminal';
  const colors = color ? 'colours' : 'no colours';
  if (!isTty)
    return fine({ check, seen: `stdout is no terminal, ${colors}`, means: 'progress is plain lines' });
  const seen = `${columns ?? 0} columns, ${colors}`;
  if (columns !== null && columns >= NARROW_COLUMNS)
    return fine({ check, seen, means: 'progress is drawn on it' });
  return warning({ check, seen, means: 'lines of progress are cut short', fix: 'make the window wider' });
}

function judgeCi({ ci }: Surroundings): Finding {
  const check = 'ci';
  if (ci === null) return fine({ check, seen: 'none', means: 'a person looks at this' });
  return fine({ check, seen: ci, means: 'progress is plain lines, also on a terminal' });
}

/** The CI that an environment speaks of: the first of these variables that is set, else `CI` itself. */
export function ciOf(env: Readonly<Record<string, string | undefined>>): string | null {
  const known: readonly (readonly [string, string])[] = [
    ['GITHUB_ACTIONS', 'GitHub Actions'],
    ['GITLAB_CI', 'GitLab CI'],
    ['TF_BUILD', 'Azure Pipelines'],
    ['BUILDKITE', 'Buildkite'],
    ['CIRCLECI', 'CircleCI'],
    ['JENKINS_URL', 'Jenkins'],
    ['CI', 'a CI'],
  ];
  const found = known.find(([name]) => (env[name] ?? '') !== '');
  return found === undefined ? null : `${found[1]} (${found[0]} is set)`;
}
