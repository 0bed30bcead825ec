import type { RunDocument } from '../../core/run-document.ts';
import { type Check, remark } from './check.ts';

/** What no verification can look at, and why: it is said, and not held against the run. */
export function outOfReach(run: RunDocument): readonly Check[] {
  const hasLogs = run.stage_executions.some((one) => one.stdout !== null || one.stderr !== null);
  const asked = run.gate_decisions.flatMap((one) => one.documents.map((document) => document.source));
  return [
    ...(hasLogs
      ? [remark('logs', 'not-checked', 'they have no digest in the evidence: what they say is not proven')]
      : []),
    ...(asked.length > 0
      ? [
          remark(
            'gates today',
            'not-checked',
            `${[...new Set(asked)].join(', ')}: not asked again, what was recorded counts`,
          ),
        ]
      : []),
  ];
}
