/**
 * `make mutation-check`: takes one defence after the other out of the product, builds it, and runs what must notice.
 *
 *     node test/mutation/run.ts [--only name,name] [--keep]
 *
 * Exit code 0 only where every mutant turned its campaign red, by points on which the product itself is green.
 * What cannot be tried here is named, and does not count as noticed.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { MUTATIONS } from './all.ts';
import { buildMutant } from './mutant.ts';
import { describeNotice, type Mutation, type Notice } from './mutation.ts';
import { formatTable, type Row } from './table.ts';
import { tryNotice, type Verdict } from './try-notice.ts';

/** The product as it is. */
const EXECUTABLE = resolve(import.meta.dirname, '../../bin/orchestrator');

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, keep: { type: 'boolean', default: false } },
});
const wanted = values.only.split(/[ ,]+/).filter((name) => name !== '');
const unknown = wanted.filter((name) => !MUTATIONS.some((one) => one.name === name));
if (unknown.length > 0) throw new Error(`no mutation ${unknown.join(', ')}`);

const mutations = wanted.length === 0 ? MUTATIONS : MUTATIONS.filter((one) => wanted.includes(one.name));
const ofProduct = new Map<string, Verdict>();
const rows: Row[] = [];
for (const mutation of mutations) {
  const began = performance.now();
  const row = { mutation, ...(await check(mutation)), seconds: (performance.now() - began) / 1000 };
  rows.push(row);
  console.log(
    `${row.outcome.padEnd(11)} ${mutation.name} (${row.seconds.toFixed(0)} s)  ${row.detail.split('\n')[0]?.slice(0, 200)}`,
  );
}
console.log(`\n${formatTable(rows)}`);
const count = (outcome: Row['outcome']): number => rows.filter((one) => one.outcome === outcome).length;
console.log(
  `\n${count('noticed')} noticed, ${count('NOT NOTICED')} not, ${count('BROKEN')} broken, ${count('not tried')} not tried`,
);
process.exitCode = rows.length > 0 && count('NOT NOTICED') + count('BROKEN') === 0 ? 0 : 1;

async function check(mutation: Mutation): Promise<Pick<Row, 'outcome' | 'detail'>> {
  const product = await verdictOfProduct(mutation.noticedBy);
  if (product.said === 'not tried') return { outcome: 'not tried', detail: product.why };
  if (product.said === 'nothing') return { outcome: 'BROKEN', detail: product.why };
  if (product.said === 'red')
    return { outcome: 'BROKEN', detail: `red on the product itself: ${product.by}` };
  try {
    const mutant = await buildMutant(mutation);
    const verdict = await tryNotice(mutation.noticedBy, mutant.executable);
    if (!values.keep) mutant.dispose();
    if (verdict.said === 'red') return { outcome: 'noticed', detail: verdict.by };
    if (verdict.said === 'green')
      return { outcome: 'NOT NOTICED', detail: describeNotice(mutation.noticedBy) };
    return { outcome: 'BROKEN', detail: verdict.why };
  } catch (error) {
    return { outcome: 'BROKEN', detail: error instanceof Error ? error.message : String(error) };
  }
}

async function verdictOfProduct(notice: Notice): Promise<Verdict> {
  const key = describeNotice(notice);
  const verdict = ofProduct.get(key) ?? (await tryNotice(notice, EXECUTABLE));
  ofProduct.set(key, verdict);
  return verdict;
}
