import { ALL_PASS } from '../../e2e/rig.ts';
import { type Attack, unless, unlessEnded } from './attack.ts';

/** Sequences by which output changes what a terminal shows, as printf(1) writes them. */
const SEQUENCES: readonly string[] = [
  ...[
    '\\033[2J',
    '\\033[31mred\\033[0m',
    '\\033]0;title\\007',
    '\\033]8;;http://x\\033\\\\link',
    '\\033Pdcs\\033\\\\',
  ],
  ...[
    '\\033_apc\\033\\\\',
    '\\033[1A\\033[2Kover',
    'secret\\rover',
    'a\\010\\010b',
    '\\302\\2332J',
    '\\177',
    '\\000',
  ],
  ...['\\342\\200\\256bidi', '\\342\\201\\246iso', '\\357\\273\\277bom', '\\342\\200\\250line'],
];

const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

const COMMANDS: readonly string[] = [
  ...['::add-mask::x', '::error file=a::x', '::set-output name=a::b', '::stop-commands::t', '::endgroup::'],
  ...[
    '##[error]x',
    '##[add-mask]x',
    'x ##[command]y',
    '##vso[task.setvariable variable=a]b',
    '##teamcity[x]',
  ],
];

/** A line that a CI system would take for a command: at its start, or `##[` anywhere. */
const TAKEN = /^\s*::|##\[|##vso\[/m;

/** An agent that prints `text` on both streams and fails, so that its output is shown as the reason as well. */
const WAYS: readonly (readonly string[])[] = [['./out', '--verbose'], ['./out', '--json'], ['./out']];

const shown = (row: number, name: string, text: string, bad: RegExp): Attack => ({
  row,
  name,
  control: "the stage's log, which keeps what the agent wrote, holds it",
  attempt: async (rig) => {
    const file = rig.write('says', `#!/bin/sh\nprintf '${text}'; printf '${text}' >&2; exit 1\n`, 0o755);
    const wrong: string[] = [];
    for (const way of WAYS) {
      const run = await rig.run([...way, ...ALL_PASS, '--executor-bin', file]);
      wrong.push(...unlessEnded(run, 1));
      wrong.push(
        ...unless(!bad.test(run.said), `${way.join(' ')}: ${JSON.stringify(bad.exec(run.said)?.[0])}`),
      );
    }
    const log = rig.read('out/logs/execution.1.stdout.log');
    for (const argv of [
      ['report', './out'],
      ['report', './out', '--format', 'markdown'],
      ['explain', './out'],
    ]) {
      const run = await rig.run(argv);
      wrong.push(
        ...unless(!bad.test(run.said), `${argv.join(' ')}: ${JSON.stringify(bad.exec(run.said)?.[0])}`),
      );
    }
    return [...wrong, ...unless(bad.test(log), 'the control: the log does not hold it')];
  },
});

/** Rows 15 and 16: what an agent's output does to a terminal and to a CI system. */
export const OUTPUT: readonly Attack[] = [
  shown(15, 'terminal escapes in the output', SEQUENCES.map((one) => `${one}\\n`).join(''), CONTROLS),
  shown(16, 'workflow commands in the output', COMMANDS.map((one) => `${one}\\n`).join(''), TAKEN),
];
