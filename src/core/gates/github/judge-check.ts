import type { GateDetail } from '../gate-document.ts';
import type { CheckRunFact, StatusFact } from './facts.ts';
import { blocks, type Finding, passes, waits } from './finding.ts';
import { shown } from './shown.ts';

/** Check run statuses that can still become a conclusion (REST API, "check-run", `status`). */
const UNFINISHED: ReadonlySet<string> = new Set(['queued', 'in_progress', 'waiting', 'requested', 'pending']);

/** What GitHub itself lets through, and we only where the check's own entry says so. */
const ACCEPTABLE: ReadonlySet<string> = new Set(['neutral', 'skipped']);

const WAIT = 'wait for it: --resume --gate-wait-ms N';

const RERUN = 'look at the run, mend the cause, push, or run it again';

/** Conclusions that block, each with what to do about it (REST API, "check-run", `conclusion`). */
const REMEDIES: ReadonlyMap<string, string> = new Map([
  ['failure', 'read the log of the check, mend the change, push again'],
  ['timed_out', 'the check ran into its own time limit: run it again, or give it more time'],
  ['cancelled', 'somebody or a newer run cancelled it: run it again'],
  [
    'action_required',
    'GitHub holds the workflow back until a maintainer allows it: open the pull request and choose "Approve and run"',
  ],
  [
    'startup_failure',
    'the workflow could not start: mend the workflow file or the runner, then run it again',
  ],
  ['stale', 'GitHub gave up waiting for it: run it again'],
  ['neutral', 'the check looked at nothing; where that is meant, add "neutral" to what the check accepts'],
  ['skipped', 'the check did not run; where that is meant, add "skipped" to what the check accepts'],
]);

/** What one finished or unfinished check run means; `accept` is of the requirement that asks. */
export function judgeCheckRun(run: CheckRunFact, accept: readonly string[]): Finding {
  const { name, status, conclusion } = run;
  const who = `${shown(name)} by ${appName(run)}`;
  if (UNFINISHED.has(status) && conclusion === null) return pending(name, `${who} is ${status}`);
  if (status !== 'completed' || conclusion === null) {
    return unknown(name, `${who} has status ${shown(status)} and conclusion ${shown(conclusion ?? 'none')}`);
  }
  if (conclusion === 'success') return passes('check_success', name, `${who} passed`);
  const remedy = REMEDIES.get(conclusion);
  if (remedy === undefined) return unknown(name, `${who} has conclusion ${shown(conclusion)}`);
  if (ACCEPTABLE.has(conclusion) && accept.includes(conclusion)) {
    return passes(`check_${conclusion}_accepted`, name, `${who} was ${conclusion}, which its entry accepts`);
  }
  return blocks(`check_${conclusion}`, name, `${who} ended as ${conclusion}`, remedy);
}

/** What one commit status means. */
export function judgeStatus(status: StatusFact): Finding {
  const { context, state } = status;
  const who = `the status ${shown(context)}`;
  switch (state) {
    case 'success':
      return passes('status_success', context, `${who} is success`);
    case 'pending':
      return pending(context, `${who} is pending`);
    case 'failure':
    case 'error':
      return blocks(`status_${state}`, context, `${who} is ${state}`, RERUN);
    default:
      return unknown(context, `${who} is ${shown(state)}`);
  }
}

function pending(name: string, message: string): Finding {
  return waits(`the check ${shown(name)}`, detailOf('check_pending', name, message, WAIT));
}

function unknown(name: string, message: string): Finding {
  return blocks(
    'ci_unknown',
    name,
    `${message}: nobody here knows what that means`,
    'look at it on the forge; an unknown word never passes',
  );
}

/** A detail without a verdict, as `waits` takes it. */
export function detailOf(
  code: string,
  about: string,
  message: string,
  remedy: string,
): Omit<GateDetail, 'blocks'> {
  return { code, about, message, remedy };
}

/** The app of a run in words. */
export function appName(run: CheckRunFact): string {
  if (run.app === null) return 'no known app';
  return run.app.slug === null ? `app ${run.app.id}` : `app ${run.app.id} (${shown(run.app.slug)})`;
}
