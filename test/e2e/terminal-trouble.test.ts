import { ALL_PASS, e2e, type Rig, until } from './rig.ts';
import { NEEDS_PTY, startInTerminal } from './terminal.ts';

const stateOf = (rig: Rig): string | null =>
  rig.exists('out/orchestrator_run_report.json') ? rig.report().terminal_state : null;

const count = (text: string, part: string): number => text.split(part).length - 1;

e2e(
  'a terminal that is stopped (ctrl-S) keeps no time limit from being kept, and the run ends',
  async (t, rig) => {
    const agent = rig.agent(
      'naps',
      `echo napping; until [ -e '${rig.base}/go' ]; do sleep 0.02; done; sleep ${rig.nap}`,
    );
    const limits = ['--run-timeout-ms', '4000', '--kill-grace-ms', '200'];
    const run = startInTerminal(t, rig, ['./out', '--manager-bin', agent, ...limits]);
    await run.shows(/▸ planning.*napping/);
    run.type('\\x13');
    rig.write(`${rig.base}/go`, '');
    await until('the limit is kept', () => stateOf(rig) === 'timeout');
    t.equal(await run.ended, 'exit 124', run.written());
    t.strictSame(await rig.survivorsAfter(10_000), []);
  },
  NEEDS_PTY,
);

e2e(
  'a refusal is not waited for on a terminal that is stopped',
  async (t, rig) => {
    const shell = ['/bin/bash', '-c', 'echo ready; read -r _; "$@"; echo "$?" > ended', 'bash'];
    const run = startInTerminal(t, rig, ['./out', '--no-such-flag'], { through: shell });
    await run.shows(/ready/);
    run.type('\\n\\x13');
    await until('it has ended', () => rig.exists('ended') && rig.read('ended') === '2\n');
    t.equal(await run.ended, 'exit 0', 'of the shell');
  },
  NEEDS_PTY,
);

e2e(
  'a terminal that goes on (ctrl-Q) gets all that was said meanwhile, and the block as it is now',
  async (t, rig) => {
    const planner = rig.agent('plans', `echo planning; until [ -e '${rig.base}/go' ]; do sleep 0.02; done`);
    const agent = rig.agent('works', `echo working; until [ -e '${rig.base}/end' ]; do sleep 0.02; done`);
    const run = startInTerminal(t, rig, [
      './out',
      ...ALL_PASS,
      '--manager-bin',
      planner,
      '--executor-bin',
      agent,
    ]);
    await run.shows(/▸ planning.*: planning/);
    run.type('\\x13');
    rig.write(`${rig.base}/go`, '');
    await until('the executor works', () => rig.ledger().some((line) => line.endsWith(' works')));
    t.notMatch(run.screen.all().join('\n'), 'planning: attempt 1 success');
    run.type('\\x11');
    await run.shows(/planning: attempt 1 success[\s\S]*✓ planning[\s\S]*▸ execution.*: working/);
    rig.write(`${rig.base}/end`, '');
    t.equal(await run.ended, 'exit 0', run.written());
    t.notMatch(run.screen.all().join('\n'), /▸|waiting/);
  },
  NEEDS_PTY,
);

e2e(
  'a stage that floods its output is drawn at most ten times a second',
  async (t, rig) => {
    const agent = rig.agent(
      'floods',
      "head -c 200000000 /dev/zero | tr '\\0' 'x' | fold -w 200; echo the end >&2",
    );
    const began = performance.now();
    const run = startInTerminal(t, rig, ['./out', ...ALL_PASS, '--manager-bin', agent]);
    t.equal(await run.ended, 'exit 0', run.written().slice(-2000));
    const frames = count(run.written(), '\x1b[?2026h');
    const most = Math.ceil((performance.now() - began) / 100) + 20;
    t.ok(frames <= most, `${frames} frames, at most ${most}`);
    t.ok(run.written().length < frames * 1000, `${run.written().length} characters in ${frames} frames`);
    t.notMatch(run.screen.all().join('\n'), /▸|waiting/);
  },
  NEEDS_PTY,
);

e2e(
  'no control character of a stage reaches the terminal, in the live line or above it',
  async (t, rig) => {
    const says = "printf '\\033]0;title\\007\\033[2J\\033[?25l\\302\\2332J\\342\\200\\256gnp\\n'";
    for (const more of [[], ['--verbose']]) {
      const go = `${rig.base}/go${more.length}`;
      const agent = rig.agent(
        'says',
        `${says}; until [ -e '${go}' ]; do sleep 0.02; done; ${says} >&2; exit 3`,
      );
      const run = startInTerminal(t, rig, ['./out', ...more, '--manager-bin', agent], { columns: 200 });
      await run.shows(/▸ planning.*\\x1b\]0;title\\x07/);
      rig.write(go, '');
      t.equal(await run.ended, 'exit 1', run.written());
      const own = /\x1b\[(\?2026[hl]|\?7[hl]|[0-9;]*m|J|K|\d+A)/g;
      t.notMatch(
        run.written().replace(own, ''),
        /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202e]/,
      );
    }
  },
  NEEDS_PTY,
);

e2e(
  'SIGTERM and SIGHUP take the block away and leave the cursor where it can be typed',
  async (t, rig) => {
    const agent = rig.agent('naps', `echo napping; exec sleep ${rig.nap}`);
    for (const [signal, code] of [
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const) {
      const out = `./out-${signal}`;
      const run = startInTerminal(t, rig, [out, '--manager-bin', agent, '--kill-grace-ms', '200']);
      await run.shows(/▸ planning.*napping/);
      const [invocation] = rig.report(`${rig.work}/${out}`).invocations;
      process.kill(invocation?.pid ?? 0, signal);
      t.equal(await run.ended, `exit ${code}`, run.written());
      t.notMatch(run.screen.all().join('\n'), /▸|waiting/, signal);
      t.equal(run.screen.cursor().column, 0, signal);
      t.notMatch(run.written(), '\x1b[?25', 'the cursor is never hidden');
    }
  },
  NEEDS_PTY,
);

e2e(
  'sizes that change all the time leave one block, and nothing of it at the end',
  async (t, rig) => {
    const body = `i=0; until [ -e '${rig.base}/go' ]; do i=$((i+1)); echo "line $i of many"; sleep 0.01; done`;
    const run = startInTerminal(t, rig, ['./out', ...ALL_PASS, '--manager-bin', rig.agent('talks', body)]);
    await run.shows(/▸ planning.*line/);
    for (let round = 0; round < 12; round += 1) {
      const columns = [20, 120, 15, 60, 9, 80][round % 6] ?? 80;
      const frames = count(run.written(), '\x1b[?2026h');
      run.resize(columns, 24);
      await until('a frame follows', () => count(run.written(), '\x1b[?2026h') > frames || columns === 9);
    }
    run.resize(100, 30);
    await run.shows(/▸ planning +running.*line \d+ of many\n[\s\S]*closure +waiting$/);
    t.equal(run.screen.rows().filter((row) => row.includes('▸')).length, 1, run.screen.rows().join('\n'));
    rig.write(`${rig.base}/go`, '');
    t.equal(await run.ended, 'exit 0', run.written().slice(-2000));
    t.notMatch(run.screen.all().join('\n'), /▸|waiting/);
  },
  NEEDS_PTY,
);
