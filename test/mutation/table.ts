import { describeNotice, type Mutation } from './mutation.ts';

/** What became of one mutation. */
export interface Row {
  readonly mutation: Mutation;
  readonly outcome: 'noticed' | 'NOT NOTICED' | 'BROKEN' | 'not tried';
  readonly detail: string;
  readonly seconds: number;
}

/** So much of a complaint is shown. */
const MOST_CHARACTERS = 140;

/** Which defence turned what red, as markdown. */
export function formatTable(rows: readonly Row[]): string {
  const lines = rows.map(({ mutation, outcome, detail, seconds }) => {
    const shown = detail.replaceAll('|', '\\|').replaceAll('\n', ' ').slice(0, MOST_CHARACTERS);
    return `| ${mutation.defence} | ${describeNotice(mutation.noticedBy)} | ${outcome} | ${shown} | ${seconds.toFixed(0)} s |`;
  });
  return [
    '| defence that was taken out | what must notice | outcome | first complaint | time |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}
