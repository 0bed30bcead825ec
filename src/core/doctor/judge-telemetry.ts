import type { DescribedOtel } from '../telemetry/describe-otel.ts';
import { type Finding, fine, warning } from './finding.ts';

/** Where telemetry of a run would go. Nobody is asked: this command uses no network. */
export function judgeTelemetry({ sent, problems }: DescribedOtel): readonly Finding[] {
  const check = 'telemetry';
  const told = problems.map((seen) =>
    warning({
      ...{ check, seen, means: 'a run is not changed by it, and its telemetry is not what was asked for' },
      fix: 'see docs/telemetry.md for what each variable may hold',
    }),
  );
  if (sent.length === 0) return told;
  const means = 'sent when a run begins and ends; whether anybody listens there changes no run';
  return [...told, fine({ check, seen: sent.join(', '), means })];
}
