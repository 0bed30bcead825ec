import { type Failure, failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { ROLES } from '../core/run-plan.ts';
import type { DoctorRequest } from '../operations/doctor/request.ts';
import { type FlagSpec, switchFlag, valueFlag } from './flag-spec.ts';
import { runFlags } from './flags.ts';
import type { NormalisedArgv } from './normalise-argv.ts';
import { parseFlags } from './parser.ts';
import { flagReader } from './read-flags.ts';
import { readRunRequest } from './run-request.ts';

/** Flags of a run that ask for another command. */
const NOT_ITS_OWN: readonly string[] = ['dry-run', 'print-config', 'quiet', 'verbose'];

const OWN: readonly FlagSpec[] = [
  valueFlag({ type: 'choice', choices: ROLES }, ROLES.join('|'), {
    name: 'stage',
    group: 'Options',
    help: 'also start the binary of this role, under the limits of its stage',
  }),
  valueFlag({ type: 'argument' }, 'V', {
    name: 'probe-arg',
    group: 'Options',
    help: 'with --stage: an argument that it is started with, in place of its own',
    repeatable: true,
    byDefault: '--version',
  }),
  switchFlag({ name: 'verbose', group: 'Options', help: 'print what is in order, too' }),
];

/** Its own flags, then those of the run that is meant. */
export function doctorFlags(): readonly FlagSpec[] {
  return [...OWN, ...runFlags().filter(({ name }) => !NOT_ITS_OWN.includes(name))];
}

/** What is typed in front of the flags of a run; the first thing that cannot stand is exit 2, as for the run. */
export async function readDoctorRequest(
  normalised: NormalisedArgv,
  cwd: string,
): Promise<Result<DoctorRequest, Failure>> {
  const specs = doctorFlags();
  const parsed = await parseFlags(normalised.argv, specs);
  const flags = flagReader({ parsed, specs, cwd });
  const stage = ROLES.find((role) => role === flags.choice('stage')) ?? null;
  const given = flags.rawTexts('probe-arg');
  const alone = stage === null && given.length > 0 ? ['--probe-arg: expected --stage as well, got none'] : [];
  const [problem] = [...flags.problems(), ...alone];
  if (problem !== undefined) return fail(failure('usage', problem));
  const read = await readRunRequest(normalised, cwd, { specs, mayBePart: true });
  if (!read.ok) return read;
  return ok({ run: read.value.request, stage, probeArgs: given.length === 0 ? ['--version'] : given });
}
