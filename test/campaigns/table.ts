import { boundOf, type CampaignResult, type Figure } from './campaign.ts';

/** What became of one campaign. */
export interface Outcome {
  readonly id: string;
  readonly folder: string;
  readonly promise: string;
  readonly seconds: number;
  readonly result: CampaignResult;
  /** Empty where everything held. */
  readonly complaints: readonly string[];
}

/** So many complaints are printed of one campaign; the rest is counted. */
const MOST_COMPLAINTS = 20;

/** What is said when a campaign has ended: every complaint with the command that repeats its point. */
export function formatOutcome(outcome: Outcome): string {
  const { id, result, complaints, seconds } = outcome;
  const verdict = complaints.length === 0 ? 'held' : `${complaints.length} BROKEN`;
  const lines = [`${id} ${verdict}: ${result.points} points, ${seconds.toFixed(1)} s`];
  for (const { what, why } of result.skipped) lines.push(`   skipped: ${what} – ${why}`);
  for (const complaint of complaints.slice(0, MOST_COMPLAINTS)) lines.push(`   ${complaint}`);
  if (complaints.length > MOST_COMPLAINTS) {
    lines.push(`   and ${complaints.length - MOST_COMPLAINTS} more`);
  }
  const [first] = result.violations;
  if (first !== undefined) lines.push(`   again: make torture ONLY=${id} POINT='${first.point}'`);
  return lines.join('\n');
}

/** The table of all figures, as markdown. */
export function formatTable(outcomes: readonly Outcome[]): string {
  const rows = outcomes.flatMap((outcome) => {
    const { id, folder, result, complaints, seconds } = outcome;
    const held = complaints.length === 0 ? (result.points === 0 ? 'skipped' : 'held') : 'BROKEN';
    const head = `| [${id}](../test/campaigns/${folder}/) | ${result.points} | ${figuresOf(result.figures)} | ${held} | ${seconds.toFixed(0)} s |`;
    return [head, ...result.skipped.map(({ what, why }) => `| ${id} | – | ${what} | skipped: ${why} | |`)];
  });
  return [
    '| campaign | points | figures (to hold) | verdict | time |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function figuresOf(figures: readonly Figure[]): string {
  const shown = figures.map((figure) => {
    const bound = boundOf(figure);
    return `${figure.name} ${figure.value}${figure.unit}${bound === '' ? '' : ` (${bound})`}`;
  });
  return shown.join('; ');
}
