import type { GateCode } from '../gate-codes.ts';
import type { GateDetail } from '../gate-document.ts';
import type { CheckRunFact, StatusFact } from './facts.ts';
import { blocks, type Finding, passes, waits } from './finding.ts';
import { shown } from './shown.ts';

/** Check run statuses that can still become a conclusion (REST API, "check-run", `status`). */
const UNFINISHED: ReadonlySet<string> = new Set(['queued', 'in_progress', 'waiting', 'requested', 'pending']);

/** What GitHub itself lets through, and we only where the check's own entry says so; with the code that says so. */
const ACCEPTABLE: ReadonlyMap<string, GateCode> = new Map([
  ['neutral', 'check_neutral_accepted'],
  ['skipped', 'check_skipped_accepted'],
]);

const WAIT = 'wait for it: --resume --gate-wait-ms N';

const RERUN = 'look at the run, mend the cause, push, or run it again';

/** Conclusions that block, each with what to do about it (REST API, "check-run", `conclusion`). */
const ENDS: ReadonlyMap<string, { readonly code: GateCode; readonly remedy: string }> = new Map([
  ['failure', { code: 'check_failure', remedy: 'read the log of the check, mend the change, push again' }],
  [
    'timed_out',
    {
      code: 'check_timed_out',
      remedy: 'the check ran into its own time limit: run it again, or give it more time',
    },
  ],
  ['cancelled', { code: 'check_cancelled', remedy: 'somebody or a newer run cancelled it: run it again' }],
  [
    'action_required',
    {
      code: 'check_action_required',
      remedy:
        'GitHub holds the workflow back until a maintainer allows it: open the pull request and choose "Approve and run"',
    },
  ],
  [
    'startup_failure',
    {
      code: 'check_startup_failure',
      remedy: 'the workflow could not start: mend the workflow file or the runner, then run it again',
    },
  ],
  ['stale', { code: 'check_stale', remedy: 'GitHub gave up waiting for it: run it again' }],
  [
    'neutral',
    {
      code: 'check_neutral',
      remedy: 'the check looked at nothing; where that is meant, add "neutral" to what the check accepts',
    },
  ],
  [
    'skipped',
    {
      code: 'check_skipped',
      remedy: 'the check did not run; where that is meant, add "skipped" to what the check accepts',
    },
  ],
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
  const end = ENDS.get(conclusion);
  if (end === undefined) return unknown(name, `${who} has conclusion ${shown(conclusion)}`);
  const accepted = ACCEPTABLE.get(conclusion);
  if (accepted !== undefined && accept.includes(conclusion)) {
    return passes(accepted, name, `${who} was ${conclusion}, which its entry accepts`);
  }
  return blocks(end.code, name, `${who} ended as ${conclusion}`, end.remedy);
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
  code: GateCode,
  about: string,
  message: string,
  remedy: string,
): Omit<GateDetail, 'blocks' | 'code'> & { readonly code: GateCode } {
  return { code, about, message, remedy };
}

/** The app of a run in words. */
export function appName(run: CheckRunFact): string {
  if (run.app === null) return 'no known app';
  return run.app.slug === null ? `app ${run.app.id}` : `app ${run.app.id} (${shown(run.app.slug)})`;
}
