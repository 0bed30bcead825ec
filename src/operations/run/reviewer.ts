import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReviewerVerdict } from '../../core/judge-attempt.ts';
import type { ArtifactRecord, NextStep } from '../../core/records.ts';
import { parseStrictJson } from '../../formats/strict-json.ts';

/** More steps than anybody would work off; the rest is cut. */
const MAX_NEXT_STEPS = 100;

/**
 * The reviewer's verdict, from the copy of the first `.json` among its artifacts (spec section 3). A reviewer
 * that is expected to leave none is judged by its exit code alone.
 */
export async function readReviewerVerdict(
  artifacts: readonly ArtifactRecord[],
  expectedPaths: readonly string[],
  outDir: string,
  mask: (text: string) => string,
): Promise<ReviewerVerdict | null> {
  const first = expectedPaths.find((path) => path.toLowerCase().endsWith('.json'));
  if (first === undefined) return null;
  const report = artifacts.find((one) => one.path === first);
  if (report === undefined) return null;
  const parsed = parseStrictJson(readFileSync(join(outDir, report.copy)));
  if (!parsed.ok) return { said: 'unusable', problem: parsed.failure.problem };
  const { reviewerReportSchema } = await import('../../formats/reviewer-report.schema.ts');
  const checked = reviewerReportSchema.safeParse(parsed.value);
  if (!checked.success) {
    const issue = checked.error.issues[0];
    return {
      said: 'unusable',
      problem: `${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'does not fit'}`,
    };
  }
  if (checked.data.passed === true) return { said: 'passed' };
  return {
    said: 'not-passed',
    nextSteps: (checked.data.next_step_plan ?? []).slice(0, MAX_NEXT_STEPS).map((one) => nextStep(one, mask)),
  };
}

/** What the reviewer wrote goes into report and checkpoint, so secrets in it are masked. */
function nextStep(
  given: {
    readonly priority?: string | number | null | undefined;
    readonly source?: string | null | undefined;
    readonly code?: string | null | undefined;
    readonly action: string;
  },
  mask: (text: string) => string,
): NextStep {
  const masked = (text: string | null | undefined) =>
    text === null || text === undefined ? null : mask(text);
  return {
    priority: typeof given.priority === 'number' ? given.priority : masked(given.priority),
    source: masked(given.source),
    code: masked(given.code),
    action: mask(given.action),
  };
}
