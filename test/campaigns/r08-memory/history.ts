import { forge, type Json } from '../../e2e/forge.ts';
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

/** Makes the failed attempt of checkpoint and audit log the last of so many, with all digests. */
function lengthen(rig: Rig, attempts: number): void {
  const numbers = Array.from({ length: attempts - 1 }, (_, index) => index + 2);
  forge(rig.out, {
    run: (run) => {
      const copy = structuredClone(run) as {
        stage_executions: Json[];
        state: { progress: { attempts: Json } };
      };
      const failed = copy.stage_executions.at(-1) ?? {};
      const key = String(failed.idempotency_key);
      for (const attempt of numbers) {
        copy.stage_executions.push({
          ...failed,
          attempt,
          idempotency_key: key.replace(/\d+$/, String(attempt)),
        });
      }
      copy.state.progress.attempts.execution = attempts;
      return { ...copy };
    },
    records: (all) =>
      all.flatMap((one) =>
        one.kind === 'attempt-ended' ? [one, ...numbers.map((attempt) => ({ ...one, attempt }))] : [one],
      ),
  });
}
