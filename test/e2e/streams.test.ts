import { ALL_PASS, e2e, inParallel, type RunOptions } from './rig.ts';

/** The executable inside a shell's plumbing; its own exit code goes to the file `code`. */
function plumbed(base: string, name: string, plumbing: string): RunOptions {
  return { through: ['/bin/bash', '-c', `{ "$@"; echo $? > '${base}/${name}.code'; } ${plumbing}`, 'bash'] };
}

const PLUMBING: readonly (readonly [string, string])[] = [
  ['a reader that leaves', '2>&1 | head -1'],
  ['a reader that is not there', '2>&1 | true'],
  ['a full device', '> /dev/full 2> /dev/full'],
  ['closed stdout', '>&-'],
  ['closed stdout and stderr', '>&- 2>&-'],
  ['closed stdin', '<&-'],
  ['all closed', '<&- >&- 2>&-'],
];

e2e('a closed or full stdout never ends a run', async (t, rig) => {
  const talker = rig.agent('talker', 'for i in 1 2 3 4 5 6 7 8 9 10; do echo line $i; done');
  await inParallel(PLUMBING, async ([name, plumbing], index) => {
    for (const [style, flags] of [
      ['plain', []],
      ['verbose', ['--verbose']],
      ['json', ['--json']],
    ] as const) {
      const key = `${style}${index}`;
      await rig.run(
        [`./${key}`, ...ALL_PASS, '--manager-bin', talker, '--executor-bin', talker, ...flags],
        plumbed(rig.base, key, plumbing),
      );
      t.equal(rig.read(`${rig.base}/${key}.code`), '0\n', `${name}, ${style}`);
      t.equal(rig.report(`${rig.work}/${key}`).terminal_state, 'done', `${name}, ${style}`);
    }
  });
});

e2e('a child has no open file of the orchestrator or of its caller', async (t, rig) => {
  const lister = rig.agent('lister', `ls -l /proc/self/fd > '${rig.base}/fds'`);
  const run = await rig.run(['./out', ...ALL_PASS, '--manager-bin', lister], {
    through: ['/bin/bash', '-c', `exec 7> '${rig.base}/seven'; exec "$@"`, 'bash'],
  });
  t.equal(run.code, 0, run.said);
  const open = rig
    .read(`${rig.base}/fds`)
    .split('\n')
    .filter((line) => / ([3-9]|\d\d+) -> /.test(line));
  t.strictSame(
    open.filter((line) => line.includes(rig.work) || line.endsWith('/seven')),
    [],
  );
});

e2e('few file descriptors are enough, or the run says so', async (t, rig) => {
  const run = await rig.run(
    ['./out', ...ALL_PASS, '--manager-bin', '/bin/true', '--executor-bin', '/bin/true'],
    {
      through: ['/bin/bash', '-c', 'ulimit -n 24; exec "$@"', 'bash'],
    },
  );
  t.ok(run.code === 0 || run.code === 1, `${run.code} ${run.signal} ${run.said}`);
  t.notMatch(run.said, /\n {4}at |internal error/);
  if (run.code === 0) t.equal(rig.report().terminal_state, 'done');
});

e2e(
  '--json prints one object per event on stdout, --quiet only how the run ended, and no colour where there is no terminal',
  async (t, rig) => {
    const json = await rig.run(['./a', ...ALL_PASS, '--json', '--manager-bin', '/bin/true']);
    t.equal(json.code, 0, json.said);
    const lines = json.stdout.trim().split('\n');
    t.ok(lines.length > 1);
    for (const line of lines) t.type(JSON.parse(line), 'object', line);
    const quiet = await rig.run(['./b', ...ALL_PASS, '--quiet', '--manager-bin', '/bin/true']);
    const plain = await rig.run(['./c', ...ALL_PASS, '--manager-bin', '/bin/true']);
    t.ok(quiet.said.length < plain.said.length);
    t.match(plain.said, /done/);
    t.notMatch(plain.said, /[\x1b\r]/);
    t.match(
      (await rig.run(['./d', '--quiet', '--manager-bin', '/bin/true'])).said,
      /GATE_POLICY/,
      'a block is said even when quiet',
    );
  },
);
