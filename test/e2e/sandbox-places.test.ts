import { mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { e2e } from './rig.ts';
import { plain, SANDBOXED, stdoutOf, unless } from './sandboxed.ts';

e2e(
  'artifacts reach the stages after it, and only what was expected leaves a sandbox',
  async (t, rig) => {
    rig.gitRepo();
    const manager = plain(
      rig,
      'manager',
      `mkdir -p out/plan; echo '{"n":1}' > out/plan/plan.json; echo x > out/plan/scrap`,
    );
    const executor = plain(
      rig,
      'executor',
      `cat out/plan/plan.json; echo 2 > out/plan/plan.json; ls out; echo done > made.txt`,
    );
    const reviewer = plain(rig, 'reviewer', `echo '{"passed":true}' > "$ORCHESTRATOR_OUT_DIR/review.json"`);
    const run = await rig.run([
      ...[
        './out',
        ...SANDBOXED,
        '--manager-bin',
        manager,
        '--manager-expected-artifact',
        'out/plan/plan.json',
      ],
      ...['--executor-bin', executor, '--executor-expected-artifact', 'made.txt'],
      ...['--reviewer-bin', reviewer, '--reviewer-expected-artifact', 'out/review.json'],
      ...['--validation-bin', 'test', '--validation-arg', '-f', '--validation-arg', 'made.txt'],
    ]);
    t.equal(run.code, 0, run.said);
    t.equal(rig.read('out/plan/plan.json'), '{"n":1}\n', 'read-only for who comes after');
    t.match(stdoutOf(rig, 'execution'), '{"n":1}');
    t.notOk(rig.exists('out/plan/scrap'));
    t.ok(rig.exists('out/attempts/planning.1/plan/scrap'), 'kept where it was written');
    t.notOk(rig.exists('out/attempts/execution.1'), 'an attempt that left nothing leaves no folder');
    t.equal((await rig.run(['verify', './out'])).code, 0);
  },
  unless,
);

e2e(
  'an artifact that leads out of the sandbox is not taken over, nor is anything removed by it',
  async (t, rig) => {
    rig.gitRepo();
    const victim = rig.write(join(rig.base, 'victim', 'plan.json'), '{"secret":true}');
    const folder = plain(rig, 'by-folder', `ln -s '${rig.base}/victim' out/plan`);
    const byFolder = await rig.run([
      ...[
        './out',
        ...SANDBOXED,
        '--manager-bin',
        folder,
        '--manager-expected-artifact',
        'out/deep/plan.json',
      ],
      ...['--manager-arg', 'x'],
    ]);
    t.equal(byFolder.code, 1, byFolder.said);
    const file = plain(rig, 'by-file', `rm -rf out/deep; ln -s '${rig.base}/victim' out/deep`);
    const byFile = await rig.run([
      ...['./out', ...SANDBOXED, '--manager-bin', file, '--manager-expected-artifact', 'out/deep/plan.json'],
    ]);
    t.equal(byFile.code, 1, byFile.said);
    t.equal(rig.report().stage_executions[0]?.status, 'artifact_malformed');
    t.equal(rig.read(victim), '{"secret":true}');
    t.notOk(rig.exists('out/deep/plan.json'));
  },
  unless,
);

e2e(
  'an artifact that leads to evidence or another work tree is not read for a sandboxed stage',
  async (t, rig) => {
    rig.gitRepo();
    rig.git('worktree', 'add', '-q', '--detach', 'nested');
    rig.write('nested/other.json', '{"other":true}');
    for (const target of ['out/orchestrator_checkpoint.json', 'nested/other.json']) {
      for (const place of ['out/plan.json', 'plan.json']) {
        const linker = plain(rig, 'linker', `ln -s '${rig.work}/${target}' ${place}; exit 0`);
        const run = await rig.run([
          ...['./out', ...SANDBOXED, '--tree-ignore', 'nested', '--manager-bin', linker],
          ...['--manager-expected-artifact', place],
        ]);
        t.equal(run.code, 1, `${place} to ${target}: ${run.said}`);
        t.match(run.said, 'it leads to what its sandbox does not show');
        t.strictSame(rig.report().artifacts, []);
      }
    }
  },
  unless,
);

e2e(
  'setting aside and putting back reach nothing through a folder that a sandboxed stage has made a link',
  async (t, rig) => {
    rig.gitRepo();
    const flags = ['./out', ...SANDBOXED, '--execution-max-iterations', '2'];
    const expecting = [...flags, '--executor-expected-artifact', 'reports/x.json', '--executor-bin'];
    const victim = join(rig.base, 'victim');
    rig.write(join(victim, 'x.json'), '{"precious":true}');
    const taker = plain(
      rig,
      'taker',
      `[ -L reports ] || { ln -s '${victim}' reports; exit 1; }; rm reports; mkdir reports; echo 1 > reports/x.json`,
    );
    await rig.run([...expecting, taker]);
    t.equal(rig.read(join(victim, 'x.json')), '{"precious":true}');
    rmSync(join(rig.work, 'reports'), { recursive: true, force: true });
    const target = join(rig.base, 'target');
    mkdirSync(target);
    const putter = plain(
      rig,
      'putter',
      `[ -d reports ] || { mkdir reports; echo '"evil"' > reports/x.json; exit 1; }
       rm -rf reports; ln -s '${target}' reports; exit 1`,
    );
    t.equal((await rig.run([...expecting, putter])).code, 1);
    t.strictSame(readdirSync(target), []);
  },
  unless,
);

e2e(
  'no link that a stage can turn decides what a sandbox shows',
  async (t, rig) => {
    rig.gitRepo();
    const secret = rig.write(join(rig.base, 'secret', 'key'), 'echo SEEN\n');
    mkdirSync(join(rig.base, 'deps'));
    symlinkSync(join(rig.base, 'deps'), join(rig.work, 'deps'));
    symlinkSync('deps', join(rig.base, 'work', 'again'));
    for (const flag of ['--sandbox-read', '--sandbox-write']) {
      const run = await rig.run(['./out', ...SANDBOXED, flag, 'again', '--executor-bin', '/bin/true']);
      t.equal(run.code, 2, run.said);
      t.match(run.stderr, `${rig.work}/again`);
      t.match(run.stderr, `${flag} ${join(rig.base, 'deps')}`);
      t.notOk(rig.exists('out'));
    }
    rig.write('agent.sh', `rm agent.sh; ln -s '${secret}' agent.sh; exit 1\n`);
    const script = ['--execution-max-iterations', '2', '--executor-bin', 'sh', '--executor-arg', 'agent.sh'];
    const turned = await rig.run(['./out', ...SANDBOXED, ...script]);
    t.equal(turned.code, 1, turned.said);
    t.notMatch(stdoutOf(rig, 'execution', 2), 'SEEN');
  },
  unless,
);

e2e(
  'the planning context is not written through a folder that a sandboxed stage has made a link',
  async (t, rig) => {
    rig.gitRepo();
    const target = join(rig.base, 'target');
    mkdirSync(target);
    const linker = plain(rig, 'linker', `rm -rf ctx; ln -s '${target}' ctx; exit 1`);
    const flags = ['--planning-context-artifact', 'ctx/context.json', '--executor-bin', linker];
    t.equal((await rig.run(['./out', ...SANDBOXED, ...flags])).code, 1);
    const again = await rig.run(['./out', '--resume', '--rerun-from', 'planning']);
    t.equal(again.code, 1, again.said);
    t.match(again.said, 'its folder leads out of repo-root and out_dir');
    t.strictSame(readdirSync(target), []);
  },
  unless,
);

e2e(
  'no folder on the way to out_dir or to another work tree can be renamed from a sandbox',
  async (t, rig) => {
    rig.gitRepo();
    rig.git('worktree', 'add', '-q', '--detach', 'trees/other');
    const mover = plain(
      rig,
      'mover',
      `for one in build trees; do mv $one moved-$one && echo "MOVED $one"; done
       mkdir -p build/deep/out trees/other; echo '{"forged":true}' > build/deep/out/orchestrator_checkpoint.json
       echo beside > build/beside; exit 0`,
    );
    const ignored = ['--tree-ignore', 'build', '--tree-ignore', 'trees'];
    const run = await rig.run(['./build/deep/out', ...SANDBOXED, ...ignored, '--manager-bin', mover]);
    t.equal(run.code, 0, run.said);
    t.notMatch(rig.read('build/deep/out/logs/planning.1.stdout.log'), 'MOVED');
    t.equal((await rig.run(['verify', './build/deep/out'])).code, 0);
    t.ok(rig.exists('trees/other/a.txt'));
    t.equal(rig.read('build/beside'), 'beside\n', 'what lies beside is its own');
  },
  unless,
);

e2e(
  'another work tree in the repository is hidden also where git notes it by a relative path, and none that is gone is made',
  async (t, rig) => {
    rig.gitRepo();
    for (const name of ['nested', 'gone']) rig.git('worktree', 'add', '-q', '--detach', name);
    rig.write('.git/worktrees/nested/gitdir', '../../../nested/.git\n');
    rmSync(join(rig.work, 'gone'), { recursive: true });
    const agent = plain(rig, 'agent', 'cat nested/a.txt && echo SEEN; echo evil > nested/a.txt; exit 0');
    const run = await rig.run(['./out', ...SANDBOXED, '--manager-bin', agent, '--tree-ignore', 'nested']);
    t.equal(run.code, 0, run.said);
    t.notMatch(stdoutOf(rig), 'SEEN');
    t.notMatch(rig.read('nested/a.txt'), 'evil');
    t.notOk(rig.exists('gone'));
  },
  unless,
);
