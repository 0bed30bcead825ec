import type { Observation } from '../../core/observation.ts';
import { agentLines } from '../harmless.ts';
import { who } from './describe-observation.ts';
import { joined } from './lines.ts';

type Output = Observation & { readonly type: 'attempt-output' };

/** What agents print, echoed. */
export interface Echo {
  readonly say: (output: Output) => void;
  /** Comes before every line that is no echo, and at the end; may be called again. */
  readonly close: () => void;
}

/** Each line under the name of its stage. */
export function createEcho(write: (text: string) => void): Echo {
  return {
    say: ({ stage, line }) => write(joined(agentLines(stage, line))),
    close: () => {},
  };
}

/**
 * The same in groups that a reader of a GitHub Actions log can fold: one per stage's step, until something else is
 * said (docs.github.com, workflow commands, "Grouping log lines"). The prefix of a line keeps the commands of an
 * agent, `::endgroup::` among them, from being any.
 */
export function createGroupedEcho(write: (text: string) => void): Echo {
  const echo = createEcho(write);
  let open: string | null = null;
  const close = (): void => {
    if (open !== null) write('::endgroup::\n');
    open = null;
  };
  return {
    say: (output) => {
      const group = who(output);
      if (open !== group) {
        close();
        // In the data of a workflow command `%` begins an escape.
        write(`::group::${group.replaceAll('%', '%25')}: output\n`);
        open = group;
      }
      echo.say(output);
    },
    close,
  };
}
