import { createHash } from 'node:crypto';
import { ALL_PASS, type Rig } from '../../e2e/rig.ts';
import type { Tier } from '../campaign.ts';
import { seen } from '../seen.ts';
import type { Point } from '../try-points.ts';
import { measure, outOfBound, type Peaks } from './peak.ts';

/** No promise of the specification; what a long history may cost, MB. */
export const MOST_FOR_HISTORY = 500;

/** A run with many failed attempts behind it is resumed. */
export function historyPoints(tier: Tier, peaks: Peaks): readonly Point[] {
  const attempts = tier === 'slice' ? 1000 : 5000;
  return [
    {
      name: `a resume behind ${attempts} attempts`,
      attempt: (rig) => resumeBehind(rig, attempts, peaks),
    },
  ];
}

async function resumeBehind(rig: Rig, attempts: number, peaks: Peaks): Promise<readonly string[]> {
  const agent = rig.agent('executor', `[ -e '${rig.base}/go' ] || exit 1`);
  const first = await rig.run(['./out', ...ALL_PASS, '--executor-bin', agent]);
  lengthen(rig, attempts);
  rig.write(`${rig.base}/go`, '');
  const { run, megabytes } = await measure(rig, ['./out', '--resume']);
  peaks.history.push(megabytes);
  const last = rig.report().stage_executions.findLast((one) => one.stage === 'execution');
  return [
    ...(first.code === 1 ? [] : [`expected exit 1 at first: ${seen(first)}`]),
    ...(run.code === 0 ? [] : [`expected exit 0: ${seen(run)}`]),
    ...(last?.attempt === attempts + 1 ? [] : [`the last attempt is ${last?.attempt}`]),
    ...outOfBound(megabytes, MOST_FOR_HISTORY),
  ];
}

/** Makes the failed attempt of the checkpoint the last of so many, and gives it its digest again. */
function lengthen(rig: Rig, attempts: number): void {
  const file = `${rig.out}/orchestrator_checkpoint.json`;
  const { digest: _, ...body } = JSON.parse(rig.read(file));
  const records = body.run.stage_executions;
  const failed = records.at(-1);
  for (let attempt = 2; attempt <= attempts; attempt += 1) {
    records.push({ ...failed, attempt, idempotency_key: failed.idempotency_key.replace(/\d+$/, attempt) });
  }
  body.run.state.progress.attempts.execution = attempts;
  const text = `${JSON.stringify(body, null, 2)}\n`;
  const digest = createHash('sha256').update(text).digest('hex');
  rig.write(file, `${text.slice(0, -'\n}\n'.length)},\n  "digest": "${digest}"\n}\n`);
}
