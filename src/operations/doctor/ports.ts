import type { Output } from '../output.ts';
import type { RunPorts } from '../run/ports.ts';

/** What `doctor` needs of the outside. */
export interface DoctorPorts
  extends Output,
    Pick<
      RunPorts,
      'clock' | 'random' | 'env' | 'cwd' | 'version' | 'pid' | 'self' | 'closeInherited' | 'cancellation'
    > {
  readonly platform: string;
  /** An existing folder for private files; nothing of them is left behind. */
  readonly tmpdir: string;
  /** Whether stdout is a terminal, and how wide it is; null where it is none. */
  readonly isTty: boolean;
  readonly columns: number | null;
  readonly color: boolean;
}
