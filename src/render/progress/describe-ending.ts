import type { Observation } from '../../core/observation.ts';
import { commandLine, type EvidencePlace } from '../evidence-place.ts';
import { oneLine } from '../harmless.ts';
import { nextCommand } from '../next-command.ts';
import type { Palette } from '../palette.ts';
import { describeVerdict, verdictStyle } from '../verdict.ts';

/** The last lines of a run: the verdict in words, where the report is, and when not done, what to type next. */
export function describeEnding(
  ended: Observation & { readonly type: 'run-ended' },
  place: EvidencePlace,
  palette: Palette,
): readonly string[] {
  const verdict = verdictStyle(ended, palette)(describeVerdict(ended));
  const report = `report: ${oneLine(ended.report, 4096)}`;
  if (ended.exit_code === 0) return [verdict, report];
  const next = nextCommand(ended, place);
  const remedy = ended.failure?.remedy ?? null;
  return [
    verdict,
    ...(remedy === null ? [] : [`remedy: ${oneLine(remedy)}`]),
    report,
    ...(next.command === null ? [] : [`next: ${palette.bold(next.command)}`, `      ${oneLine(next.when)}`]),
    `why: ${commandLine(place, [], 'explain')}`,
  ];
}
