/** Whoever reads what is told, and does not, or slowly. */
import { ALL_PASS, e2e } from './rig.ts';
import { NEEDS_PTY, startInTerminal } from './terminal.ts';

e2e(
  'a terminal that was stopped holds up neither a time limit nor the end of a run',
  async (t, rig) => {
    const slow = rig.agent('slow', `sleep ${rig.nap}`);
    const limits = ['--timeout-ms', '2500', '--kill-grace-ms', '200'];
    const live = startInTerminal(t, rig, ['./out', '--executor-bin', slow, ...limits, ...ALL_PASS]);
    await live.shows(/execution/);
    live.type('\\x13');
    t.equal(await live.ended, 'exit 124');
    t.strictSame(await rig.survivorsAfter(5000), []);
    t.equal(rig.report().terminal_state, 'timeout');
  },
  NEEDS_PTY,
);

e2e(
  'a signal ends a run whose terminal was stopped',
  async (t, rig) => {
    const slow = rig.agent('slow', `sleep ${rig.nap}`);
    const live = startInTerminal(t, rig, ['./out', '--executor-bin', slow, '--verbose', ...ALL_PASS]);
    await live.shows(/execution/);
    live.type('\\x13');
    live.type('\\x03');
    // ctrl-C lets a terminal go on by itself: it is stopped once more.
    live.type('\\x13');
    t.equal(await live.ended, 'exit 130');
  },
  NEEDS_PTY,
);

e2e('what a command prints is whole however late it is read', async (t, rig) => {
  const bad = rig.agent('bad', 'exit 1');
  await rig.run([
    './out',
    '--executor-bin',
    bad,
    '--execution-max-iterations',
    '60',
    '--policy-status',
    'allow',
  ]);
  const whole = await rig.run(['report', './out', '--format', 'json']);
  t.ok(whole.stdout.length > 80_000, 'more than a pipe holds');
  const late = ['sh', '-c', '"$@" | (read -r first; echo "$first"; sleep 3; cat)', 'sh'];
  const read = await rig.run(['report', './out', '--format', 'json'], { through: late });
  t.equal(read.stdout, whole.stdout);
});

e2e(
  'a result that could not be written is not exit 0, and a reader that went away is no error',
  async (t, rig) => {
    await rig.run(['./out', '--executor-bin', '/bin/true', '--policy-status', 'allow']);
    const into = (where: string) => ({ through: ['/bin/bash', '-c', `"$@" ${where}`, 'bash'] });
    const commands = [
      ['report', './out', '--format', 'junit'],
      ['list', '--json'],
      ['schema', 'config'],
    ];
    for (const command of commands) {
      const full = await rig.run(command, into('> /dev/full'));
      t.equal(full.code, 1, command.join(' '));
      t.match(
        full.stderr,
        /^orchestrator: what was to be printed could not be written: [^\n]*ENOSPC[^\n]*\n$/,
      );
      const left = await rig.run(command, into('| true; exit $PIPESTATUS'));
      t.match(left, { code: 0, stderr: '' });
    }
  },
);
