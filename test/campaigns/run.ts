/**
 * `make torture` and `make torture-fast`: runs campaigns on the built executable and prints the table.
 *
 *     node test/campaigns/run.ts --tier fast [--only R1,R3] [--seed N] [--point P] [--width N] [--json FILE]
 *
 * Exit code 0 only where every campaign that was asked for ran and held what it promises; one that could not be
 * run at all is named as skipped and does not count as passed.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import t from 'tap';
import { EXECUTABLE } from '../e2e/rig.ts';
import { CAMPAIGNS } from './all.ts';
import { type Campaign, type CampaignResult, complaints, type Tier } from './campaign.ts';
import { describeMachine } from './machine.ts';
import { formatOutcome, formatTable, type Outcome } from './table.ts';

// The rig brings the test runner along, which would end everything after its own limit.
t.setTimeout(0);

const { values } = parseArgs({
  options: {
    tier: { type: 'string', default: 'fast' },
    only: { type: 'string', default: '' },
    seed: { type: 'string', default: '' },
    point: { type: 'string', default: '' },
    width: { type: 'string', default: '2' },
    json: { type: 'string', default: '' },
  },
});
const tier = tierOf(values.tier);
const seed = values.seed === '' ? Date.now() % 1_000_000_000 : Number(values.seed);
const wanted = values.only.split(/[ ,]+/).filter((id) => id !== '');
if (!Number.isSafeInteger(seed)) throw new Error(`--seed: expected a whole number, got ${values.seed}`);

const campaigns = await load();
console.log(`${EXECUTABLE}, tier ${tier}, seed ${seed}\n${describeMachine()}`);
const outcomes: Outcome[] = [];
for (const campaign of campaigns) {
  const outcome = await tryCampaign(campaign);
  outcomes.push(outcome);
  console.log(formatOutcome(outcome));
}
console.log(`\n${formatTable(outcomes)}`);
const red = outcomes.filter((one) => one.complaints.length > 0);
if (values.json !== '') writeFileSync(values.json, `${JSON.stringify({ tier, seed, outcomes }, null, 2)}\n`);
console.log(`\n${outcomes.length - red.length} campaigns held, ${red.length} did not`);
process.exitCode = red.length === 0 && outcomes.length > 0 ? 0 : 1;

async function load(): Promise<readonly Campaign[]> {
  const all = await Promise.all(CAMPAIGNS.map((one) => one()));
  const unknown = wanted.filter((id) => !all.some((one) => one.id === id));
  if (unknown.length > 0) {
    throw new Error(`no campaign ${unknown.join(', ')}; there are ${all.map((one) => one.id).join(', ')}`);
  }
  return wanted.length === 0 ? all : all.filter((one) => wanted.includes(one.id));
}

async function tryCampaign(campaign: Campaign): Promise<Outcome> {
  const began = performance.now();
  console.log(`\n${campaign.id} ${campaign.promise}`);
  const result = await campaign
    .run({
      tier,
      seed,
      point: values.point === '' ? null : values.point,
      width: Number(values.width),
      say: (line) => console.log(`   ${line}`),
    })
    .catch((error: unknown): CampaignResult => {
      const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return { points: 0, figures: [], violations: [{ point: 'the campaign itself', what }], skipped: [] };
    });
  const { id, folder, promise } = campaign;
  const seconds = (performance.now() - began) / 1000;
  return { id, folder, promise, seconds, result, complaints: complaints(result) };
}

function tierOf(text: string): Tier {
  if (text === 'slice' || text === 'fast' || text === 'full') return text;
  throw new Error(`--tier: expected slice, fast or full, got ${text}`);
}
