/** What lies in an out_dir beside the evidence, and whose it is. */
import { spawnSync } from 'node:child_process';
import { ALL_PASS, e2e, PATH } from './rig.ts';

const CLEAN = ['clean', '--keep', '0', '--execute'];

const canMount =
  spawnSync('unshare', ['--mount', '--map-root-user', 'true'], { env: { PATH }, stdio: 'ignore' }).status ===
  0;

e2e(
  'what is mounted in an out_dir is left alone with it',
  async (t, rig) => {
    await rig.run(['./out', ...ALL_PASS, '--executor-bin', '/bin/true']);
    rig.write('precious/file', 'mine');
    rig.write('out/attempts/m/.keep', '');
    const script = 'mount --bind precious "$1" && shift && exec "$@"';
    const through = ['unshare', '--mount', '--map-root-user', 'sh', '-c', script, 'sh', 'out/attempts/m'];
    const run = await rig.run(CLEAN, { through });
    t.equal(run.code, 0, run.said);
    t.match(run.stdout, /left alone, a mount point is in it, or is its place: 1 run/);
    t.equal(rig.read('precious/file'), 'mine');
    t.equal((await rig.run(['verify', './out'])).code, 0);
  },
  { skip: canMount ? false : 'needs unshare --mount' },
);

e2e("a run's own HTML report goes with it, and that of another run stays with its folder", async (t, rig) => {
  const args = [...ALL_PASS, '--executor-bin', '/bin/true'];
  await rig.run(['./out', ...args, '--html-report', 'out/report.html']);
  const page = rig.read('out/report.html');
  await rig.run(['./other', ...args]);
  rig.write('other/report.html', page);
  await rig.run(['./third', ...args]);
  rig.write('third/notes.html', `<code>${rig.report(`${rig.work}/third`).run_id}</code>`);
  const run = await rig.run(CLEAN);
  t.equal(run.code, 0, run.said);
  t.notOk(rig.exists('out'), run.said);
  t.ok(rig.exists('other/report.html') && rig.exists('third/notes.html'));
  t.ok(rig.exists('other/audit.jsonl') && rig.exists('third/audit.jsonl'), 'whole');
});
