import type { CheckRunFact, CommitFacts } from './facts.ts';
import { blocks, type Finding, notes } from './finding.ts';
import { appName, detailOf, judgeCheckRun, judgeStatus } from './judge-check.ts';
import type { Requirement } from './required-checks.ts';
import { shortSha, shown } from './shown.ts';

/** Earlier ends that do not make a later success doubtful: nothing was tested then. */
const NOT_A_FAILURE: ReadonlySet<string> = new Set([
  'success',
  'neutral',
  'skipped',
  'cancelled',
  'action_required',
  'stale',
]);

/**
 * What one commit says of one requirement; empty where it says nothing. The latest run of each app counts, by id, and
 * all of them must pass: the success of one app hides no failure of another, and a status of the same name is
 * required as well (docs, "Required status checks": "both are required").
 */
export function judgeRequirement(
  requirement: Requirement,
  commit: CommitFacts,
  acceptFlaky: boolean,
): readonly Finding[] {
  const named = commit.checks.filter((run) => run.name === requirement.name);
  const byApp = Map.groupBy(
    named.filter((run) => isByApp(run, requirement.app)),
    (run) => run.app?.id ?? null,
  );
  const checks = [...byApp.values()].flatMap((runs) => judgeRuns(runs, requirement, acceptFlaky));
  const statuses = Map.groupBy(
    commit.statuses.filter((status) => status.context === requirement.name),
    (status) => status.context,
  );
  const states = [...statuses.values()].flatMap((same) => latest(same)).map(judgeStatus);
  const unproven = requirement.app !== null && checks.length === 0 && states.length > 0;
  return [...checks, ...states, ...(unproven ? [statusOfUnknownApp(requirement, commit)] : [])];
}

function judgeRuns(
  runs: readonly CheckRunFact[],
  requirement: Requirement,
  acceptFlaky: boolean,
): readonly Finding[] {
  const last = latest(runs);
  const findings = last.map((run) => judgeCheckRun(run, requirement.accept));
  const passed = last[0];
  if (passed === undefined || findings.some((finding) => finding.verdict !== 'pass')) return findings;
  const failed = runs.filter(
    (run) => !last.includes(run) && run.status === 'completed' && !NOT_A_FAILURE.has(run.conclusion ?? ''),
  );
  return failed.length === 0 ? findings : [...findings, flaky(passed, failed, acceptFlaky)];
}

function flaky(last: CheckRunFact, failed: readonly CheckRunFact[], accepted: boolean): Finding {
  const words = [...new Set(failed.map((run) => shown(run.conclusion ?? '')))].slice(0, 5).join(', ');
  const message = `${shown(last.name)} by ${appName(last)} passed after ${failed.length} run(s) of the same commit that ended as ${words}`;
  return accepted
    ? notes('flaky', last.name, `${message}; the configuration accepts that`)
    : blocks(
        'flaky',
        last.name,
        message,
        'find out why it failed and push a change; or accept flaky checks in the configuration',
      );
}

function statusOfUnknownApp(requirement: Requirement, commit: CommitFacts): Finding {
  return {
    verdict: 'pending',
    waitsFor: `the check ${shown(requirement.name)} by app ${shown(requirement.app ?? '')}`,
    detail: {
      ...detailOf(
        'check_missing',
        requirement.name,
        `a status ${shown(requirement.name)} is on ${shortSha(commit.sha)}, but a status does not say which app set it`,
        'let the app report a check run, or require the name without an app',
      ),
      blocks: true,
    },
  };
}

/** Runs and statuses get rising ids; the highest one is the latest. More than one where ids are doubled. */
function latest<Item extends { readonly id: number }>(items: readonly Item[]): readonly Item[] {
  const highest = items.reduce((high, item) => Math.max(high, item.id), 0);
  return items.filter((item) => item.id === highest);
}

function isByApp(run: CheckRunFact, app: string | null): boolean {
  if (app === null) return true;
  if (run.app === null) return false;
  return /^[0-9]+$/.test(app) ? String(run.app.id) === app : run.app.slug === app;
}
