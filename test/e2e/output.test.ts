import { statSync } from 'node:fs';
import { join } from 'node:path';
import { peakOf } from './peak-memory.ts';
import { ALL_PASS, e2e } from './rig.ts';

e2e('output goes to one log per attempt and stream, bounded, the truncation marked', async (t, rig) => {
  const loud = rig.agent('loud', 'head -c 3000000 /dev/zero | tr "\\0" x; echo; echo the end >&2');
  const run = await rig.run([
    './out',
    ...ALL_PASS,
    '--manager-bin',
    loud,
    '--executor-bin',
    rig.agent('quiet'),
    '--max-log-bytes',
    '100000',
  ]);
  t.equal(run.code, 0, run.said);
  const log = rig.read('out/logs/planning.1.stdout.log');
  t.ok(log.length >= 50_000 && log.length < 110_000, `${log.length} bytes`);
  t.match(log, /truncated/i);
  t.match(rig.read('out/logs/planning.1.stderr.log'), /the end/);
  t.match(rig.report().stage_executions[0]?.stdout, { bytes: 3_000_001, truncated: true });
  t.ok(rig.exists('out/logs/execution.1.stdout.log'));
});

e2e('a gigabyte of output, without one line end, leaves the memory flat', async (t, rig) => {
  const live = rig.start([
    './out',
    ...ALL_PASS,
    '--manager-bin',
    '/usr/bin/head',
    '--manager-arg',
    '-c',
    '--manager-arg',
    '1000000000',
    '--manager-arg',
    '/dev/zero',
    '--max-log-bytes',
    '1000000',
  ]);
  const peak = await peakOf(live);
  const run = await live.finished;
  t.equal(run.code, 0, run.said);
  t.ok(peak > 0 && peak < 150_000, `peak of ${peak} kB`);
  t.ok(statSync(join(rig.out, 'logs/planning.1.stdout.log')).size < 1_100_000);
});

e2e('a reader that is slower than the child leaves the memory flat', async (t, rig) => {
  const lines = rig.agent('lines', 'yes "a line of output" | head -c 100000000');
  const live = rig.start(['./out', '--verbose', ...ALL_PASS, '--manager-bin', lines], {
    through: ['/bin/bash', '-c', 'exec "$@" > >(sleep 2; exec cat > /dev/null)', 'bash'],
  });
  const peak = await peakOf(live);
  t.equal((await live.finished).code, 0);
  t.ok(peak > 0 && peak < 200_000, `peak of ${peak} kB`);
});

e2e('--verbose echoes with the stage as prefix and makes control characters harmless', async (t, rig) => {
  const nasty =
    '\\033]0;title\\007\\033[2J\\rover\\bwritten\\302\\233x\\342\\200\\256\\n::error::boo\\n##[command]\\n';
  const agent = rig.agent('nasty', `printf '${nasty}'; printf 'err\\n' >&2`);
  const run = await rig.run(['./out', '--verbose', '--manager-bin', agent]);
  const all = run.said;
  t.match(all, /planning.*err/);
  t.notMatch(all, /[\x00-\x08\x0b-\x1f\x7f\u0080-\u009f\u202a-\u202e\u2066-\u2069]/);
  t.notMatch(all, /^(::error|##\[)/m, 'no workflow command at the start of a line');
  const silent = await rig.run(['./out2', '--manager-bin', agent]);
  t.notMatch(silent.said, /^(::error|##\[)/m);
});
