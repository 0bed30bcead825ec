import type { Rig, RunOptions } from './rig.ts';

/** A finding as `doctor --json` prints it. */
export interface FoundByDoctor {
  readonly check: string;
  readonly subject: string | null;
  readonly severity: string;
  readonly seen: string;
  readonly means: string;
  readonly fix: string | null;
}

/** What `doctor --json` answered. */
export interface Doctor {
  readonly code: number | null;
  readonly said: string;
  readonly findings: readonly FoundByDoctor[];
}

/** `doctor --json` with these flags. */
export async function doctorOf(rig: Rig, flags: readonly string[], options?: RunOptions): Promise<Doctor> {
  const run = await rig.run(['doctor', ...flags, '--json'], options);
  if (run.stderr !== '') throw new Error(run.stderr);
  const { findings }: Pick<Doctor, 'findings'> = JSON.parse(run.stdout);
  return { code: run.code, said: run.said, findings };
}

/** The first finding on a check, the worst; undefined where there is none. */
export function finding(
  { findings }: Pick<Doctor, 'findings'>,
  check: string,
  subject?: string,
): FoundByDoctor | undefined {
  return findings.find((one) => one.check === check && (subject === undefined || one.subject === subject));
}
