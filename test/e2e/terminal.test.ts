import { ALL_PASS, e2e, until } from './rig.ts';
import { NEEDS_PTY, startInTerminal } from './terminal.ts';

/** Shell: goes on once the file is there. */
const waitsFor = (file: string): string => `while [ ! -e '${file}' ]; do sleep 0.02; done`;

/** What stays of a run that is done, whatever its times. */
const LEFT_BY_DONE = [
  /^run .*: started in .*\/out$/,
  /^planning: attempt 1 success in /,
  /^admission policy: passed/,
  /^execution: nothing configured$/,
  /^validation: nothing configured$/,
  /^gate policy: passed/,
  /^gate ci: passed/,
  /^gate review: passed/,
  /^done: closure-ready$/,
  /^report: /,
];

e2e(
  'a terminal shows the stages while they run, and keeps nothing of that but clean lines',
  async (t, rig) => {
    const agent = rig.agent('plans', `echo 'reading the plan'; ${waitsFor(`${rig.base}/go`)}`);
    const run = startInTerminal(t, rig, ['./out', ...ALL_PASS, '--manager-bin', agent], { columns: 200 });
    await run.shows(
      /▸ planning +running \d+s {2}manager, attempt 1: reading the plan\n- policy_ingestion {2}waiting/,
    );
    t.match(run.screen.rows().at(-1), /^- closure +waiting$/);
    rig.write(`${rig.base}/go`, '');
    t.equal(await run.ended, 'exit 0', run.written());
    const left = run.screen.all();
    t.equal(left.length, LEFT_BY_DONE.length, left.join('\n'));
    for (const [index, line] of LEFT_BY_DONE.entries()) t.match(left[index], line);
    t.strictSame(run.screen.cursor(), { row: left.length, column: 0 });
    t.notMatch(run.written(), '\x1b[?25', 'the cursor is never hidden');
  },
  NEEDS_PTY,
);

e2e(
  'ctrl-C takes the block away, says so, and ends with 130',
  async (t, rig) => {
    const agent = rig.agent('naps', `echo napping; exec sleep ${rig.nap}`);
    const run = startInTerminal(t, rig, ['./out', '--executor-bin', agent, '--policy-status', 'allow']);
    await run.shows(/▸ execution.*napping/);
    run.type('\\x03');
    t.equal(await run.ended, 'exit 130', run.written());
    const left = run.screen.all().join('\n');
    t.match(left, /notice: SIGINT: stopping what runs/);
    t.match(left, /next: orchestrator \.\/out --resume/);
    t.notMatch(left, /waiting|▸|✓|\^C/, left);
    t.strictSame(await rig.survivorsAfter(10_000), []);
  },
  NEEDS_PTY,
);

e2e(
  'ctrl-Z takes the block away, and fg shows it again',
  async (t, rig) => {
    const agent = rig.agent('waits', `echo here; ${waitsFor(`${rig.base}/go`)}`);
    const shell = ['/bin/bash', '-c', 'set -m; "$@"; echo "stopped by $?"; read -r _; fg', 'bash'];
    const run = startInTerminal(t, rig, ['./out', ...ALL_PASS, '--manager-bin', agent], { through: shell });
    await run.shows(/▸ planning.*here/);
    run.type('\\x1a');
    await run.shows(/stopped by 148/);
    t.notMatch(run.screen.rows().join('\n'), /▸|waiting/);
    run.type('\\n');
    await run.shows(/stopped by 148[\s\S]*▸ planning.*here/);
    rig.write(`${rig.base}/go`, '');
    t.equal(await run.ended, 'exit 0', run.written());
    t.notMatch(run.screen.all().join('\n'), /▸|waiting/);
  },
  NEEDS_PTY,
);

e2e(
  'a terminal of another size gets the block that fits: 20 columns, a single line, none',
  async (t, rig) => {
    const agent = rig.agent('waits', `echo here; ${waitsFor(`${rig.base}/go`)}`);
    const run = startInTerminal(t, rig, ['./out', ...ALL_PASS, '--manager-bin', agent]);
    await run.shows(/▸ planning +running.*here/);
    run.resize(20, 24);
    await run.shows(/^▸ planning \d+s atte…$/m);
    run.resize(15, 24);
    await run.shows(/▸ planning \d+s$/);
    t.notMatch(run.screen.rows().join('\n'), 'closure');
    run.resize(80, 4);
    await run.shows(/▸ planning +running.*here$/);
    t.notMatch(run.screen.rows().join('\n'), 'closure');
    run.resize(9, 24);
    await until('nothing is live', () => !run.screen.rows().some((row) => row.includes('▸')));
    run.resize(100, 30);
    await run.shows(/▸ planning +running.*here\n[\s\S]*closure +waiting$/);
    rig.write(`${rig.base}/go`, '');
    t.equal(await run.ended, 'exit 0', run.written());
    t.notMatch(run.screen.all().join('\n'), /▸|waiting/);
  },
  NEEDS_PTY,
);

e2e(
  'a run that is killed leaves a terminal that can be typed into: nothing was hidden or switched over',
  async (t, rig) => {
    const agent = rig.agent('naps', `echo napping; exec sleep ${rig.nap}`);
    const run = startInTerminal(t, rig, ['./out', '--manager-bin', agent]);
    await run.shows(/▸ planning.*napping/);
    run.kill();
    t.equal(await run.ended, 'signal 9');
    t.notMatch(run.written(), /\x1b\[\?(?!2026[hl]|7[hl])/);
    for (const mode of ['2026', '7']) {
      t.equal(
        count(run.written(), `\x1b[?${mode}h`),
        count(run.written(), `\x1b[?${mode}l`),
        `every frame was ended: ${mode}`,
      );
    }
  },
  NEEDS_PTY,
);

e2e(
  'a terminal that is dumb or in a CI gets plain lines, and colour where it is asked for',
  async (t, rig) => {
    const args = [...ALL_PASS, '--manager-bin', '/bin/true'];
    for (const env of [{ TERM: 'dumb' }, { CI: 'true', NO_COLOR: '1' }]) {
      const run = startInTerminal(t, rig, [`./out-${Object.keys(env)[0]}`, ...args], { env });
      t.equal(await run.ended, 'exit 0');
      t.notMatch(run.written(), '\x1b');
      t.match(run.written(), /^\d\d:\d\d:\d\dZ planning: entered\r$/m);
    }
    const asked = startInTerminal(t, rig, ['./out-2', ...args], { env: { TERM: 'dumb', FORCE_COLOR: '1' } });
    await asked.ended;
    t.match(asked.written(), '\x1b[32mdone: closure-ready\x1b[39m');
    const flag = startInTerminal(t, rig, ['./out-3', '--no-color', ...args], { env: { FORCE_COLOR: '1' } });
    await flag.ended;
    t.notMatch(flag.written(), /\x1b\[[0-9;]*m/);
  },
  NEEDS_PTY,
);

e2e(
  'in a locale that is not UTF-8 only ASCII reaches the terminal',
  async (t, rig) => {
    const agent = rig.agent(
      'says',
      `printf 'caf\\303\\251 \\342\\234\\233\\n'; ${waitsFor(`${rig.base}/go`)}`,
    );
    const args = ['./out', '--verbose', ...ALL_PASS, '--manager-bin', agent];
    const run = startInTerminal(t, rig, args, { env: { LC_ALL: 'C' } });
    await run.shows(/> planning +running.*: caf\? \?/);
    rig.write(`${rig.base}/go`, '');
    t.equal(await run.ended, 'exit 0', run.written());
    t.match(run.screen.all().join('\n'), '[planning] caf? ?');
    t.notMatch(run.written(), /[^\x00-\x7f]/);
  },
  NEEDS_PTY,
);

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}
