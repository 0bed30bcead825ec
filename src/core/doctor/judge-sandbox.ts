import type { Result } from '../result.ts';
import type { SandboxMode } from '../sandbox.ts';
import { type Finding, fine, problem, warning } from './finding.ts';

/** Whether a sandbox was made, by which program; the failure says why not. */
export interface SandboxFacts {
  /** The strictest that the configuration asks for. */
  readonly mode: SandboxMode;
  readonly made: Result<{ readonly file: string; readonly version: string }, string>;
}

const GET_ONE =
  'install bubblewrap 0.8 or newer (apt-get install bubblewrap) and allow user namespaces (docs/sandbox.md)';

/** A sandbox that is required and cannot be had is exit 2 of a run. */
export function judgeSandboxTool({ mode, made }: SandboxFacts): Finding {
  const check = 'sandbox';
  if (made.ok) {
    const { file, version } = made.value;
    const means =
      mode === 'off' ? 'it can be had and is not asked for (--sandbox)' : `--sandbox ${mode} holds`;
    return fine({ check, seen: `${version}, ${file}: a sandbox could be made`, means });
  }
  const seen = made.failure;
  switch (mode) {
    case 'required':
      return problem({ check, seen, means: 'a sandbox is required: a run is refused, exit 2', fix: GET_ONE });
    case 'auto':
      return warning({ check, seen, means: 'stages run without one, as your user', fix: GET_ONE });
    case 'off':
      return warning({
        check,
        seen,
        means: 'none is asked for: stages run as your user and reach all that you can',
        fix: GET_ONE,
      });
  }
}
