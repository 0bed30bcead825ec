import type { Breach } from './breach.ts';
import { judgeBudgets } from './budgets.ts';
import type { Change, PathName } from './change.ts';
import { judgePath } from './judge-path.ts';
import type { ScopeRules } from './scope-rules.ts';

export type PlannedKind = 'added' | 'modified' | 'deleted';

/** A path that a plan says will change. It ends with `/` where a whole folder is meant. */
export interface PlannedChange {
  readonly path: string;
  /** Null where the plan does not say. */
  readonly kind: PlannedKind | null;
}

/** What a plan declares; an empty list declares that nothing changes. What an agent writes here can only narrow. */
export type PlannedChanges = readonly PlannedChange[];

/** The scope guard at admission: what of the plan the scope does not allow. */
export function judgePlan(planned: PlannedChanges, rules: ScopeRules | null): readonly Breach[] {
  const breaches = planned.flatMap(({ path }) => {
    const isFolder = path.endsWith('/');
    // Some path in the folder stands for the folder: a glob of files must take all of it to allow it.
    const text = isFolder ? `${path}x` : path;
    return judgePath({ path: text, name: text, isText: true, outsideRoot: false }, rules).map((breach) => ({
      ...breach,
      path,
    }));
  });
  if (rules === null) return breaches;
  const count = (kind: PlannedKind): number => planned.filter((one) => one.kind === kind).length;
  const use = {
    files: planned.length,
    newFiles: count('added'),
    deletedFiles: count('deleted'),
    linesAdded: 0,
    linesDeleted: 0,
    uncounted: 0,
  };
  return [...breaches, ...judgeBudgets(use, rules.plan)];
}

/** Changed paths that the plan did not declare, or not like this. Names are compared exactly. */
export function judgeAgainstPlan(changes: readonly Change[], planned: PlannedChanges): readonly Breach[] {
  const byPath = Map.groupBy(planned, ({ path }) => path);
  return touched(changes).flatMap(({ path, kind }): Breach[] => {
    const named = coveringPaths(path.name).flatMap((one) => byPath.get(one) ?? []);
    if (named.some((one) => one.kind === null || one.kind === kind)) return [];
    const instead = named[0] === undefined ? 'the plan does not name it' : `the plan has it ${named[0].kind}`;
    return [
      {
        code: 'path_not_planned',
        path: path.path,
        rule: 'what the plan declares',
        message: `${path.path} is ${kind}, and ${instead}`,
        remedy: 'plan again (--resume --rerun-from planning), or take it out of the change',
      },
    ];
  });
}

/** A rename is what it does: one path goes, one comes. */
function touched(changes: readonly Change[]): readonly { path: PathName; kind: PlannedKind }[] {
  return changes.flatMap((change): { path: PathName; kind: PlannedKind }[] => {
    if (change.from !== null) {
      return [
        { path: change.from, kind: 'deleted' },
        { path: change, kind: 'added' },
      ];
    }
    const kind = change.kind === 'added' || change.kind === 'deleted' ? change.kind : 'modified';
    return [{ path: change, kind }];
  });
}

/** The path itself, and every folder above it as a plan writes folders. */
function coveringPaths(path: string): readonly string[] {
  const paths = [path];
  for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1))
    paths.push(path.slice(0, end + 1));
  return paths;
}
