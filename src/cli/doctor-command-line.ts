import type { Failure } from '../core/failure.ts';
import type { Result } from '../core/result.ts';
import { doctor } from '../operations/doctor/doctor.ts';
import type { DoctorRequest } from '../operations/doctor/request.ts';
import { createCancellation } from '../process/cancellation.ts';
import { closeInheritedDescriptors } from '../process/inherited-descriptors.ts';
import { systemClock } from '../system/clock.ts';
import { randomHex } from '../system/ids.ts';
import { wantsColor } from '../system/terminal.ts';
import { VERSION } from '../system/version.ts';
import { type RunCommandLine, STOP_SIGNALS } from './run-command-line.ts';

/** What `doctor` needs of this process. */
export interface DoctorCommandLine
  extends Pick<RunCommandLine, 'context' | 'isTty' | 'pid' | 'self' | 'onSignal'> {
  readonly platform: string;
  readonly tmpdir: string;
}

/** `orchestrator doctor`: what a signal interrupts is tidied up first. */
export function doctorCommandLine(
  request: DoctorRequest,
  line: DoctorCommandLine,
): Promise<Result<number, Failure>> {
  const { context, isTty, pid, self, platform, tmpdir } = line;
  const { env, cwd, columns } = context;
  const cancellation = createCancellation();
  for (const signal of STOP_SIGNALS) {
    line.onSignal(signal, () => cancellation.cancel({ kind: 'signal', signal }));
  }
  return doctor(request, {
    ...{ stdout: context.stdout, stderr: context.stderr, env, cwd, columns },
    ...{ isTty, pid, self, platform, tmpdir, cancellation },
    clock: systemClock,
    random: randomHex,
    version: VERSION,
    closeInherited: closeInheritedDescriptors,
    color: wantsColor({ env, isTty, asked: request.run.output.color }),
  });
}
