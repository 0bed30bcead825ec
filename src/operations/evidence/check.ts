/** One thing that was checked, or could not be. */
export interface Check {
  readonly name: string;
  readonly verdict: 'ok' | 'failed' | 'not-checked';
  /** One line. */
  readonly detail: string;
  /** Whether a run can only be called closure-ready where this check is `ok`. */
  readonly required: boolean;
}

/** A check that closure-ready depends on. */
export function requiredCheck(name: string, verdict: Check['verdict'], detail: string): Check {
  return { name, verdict, detail, required: true };
}

/** Something that is told and not held against the run. */
export function remark(name: string, verdict: Check['verdict'], detail: string): Check {
  return { name, verdict, detail, required: false };
}
