import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { ALL_PASS, e2e, type Rig, until } from '../e2e/rig.ts';
import { readPage, sectionsOf } from './pages.ts';
import { isAsShown } from './shell-page.ts';

const SECTIONS = new Map(sectionsOf(readPage('troubleshooting.md')));

/** Holds what the page shows as the symptom of a section to what was printed: somewhere in it, line by line. */
function hasSymptom(t: Test, section: string, printed: string): void {
  const [, symptom = ''] = /^```text\n([\s\S]*?)^```$/m.exec(SECTIONS.get(section) ?? '') ?? [];
  t.not(symptom, '', `${section} shows one`);
  t.ok(isAsShown(printed, `…\n${symptom}…\n`), section, { printed, symptom });
}

const quick = (rig: Rig, ...args: readonly string[]) => rig.run(['./out', '--quiet', ...ALL_PASS, ...args]);

e2e('a done run that is not accepted any more shows what the page says', async (t, rig) => {
  rig.gitRepo();
  await quick(rig, '--executor-bin', '/bin/true');
  rig.write('a.txt', 'another');
  hasSymptom(t, 'done', (await rig.run(['verify', './out'])).stdout);
});

e2e('a blocked run shows what the page says', async (t, rig) => {
  const flags = ['--policy-status', 'allow', '--ci-status', 'success', '--executor-bin', '/bin/true'];
  hasSymptom(t, 'blocked', (await rig.run(['./out', '--quiet', ...flags])).stdout);
});

e2e('a failed run shows what the page says', async (t, rig) => {
  hasSymptom(t, 'failed', (await quick(rig, '--executor-bin', '/bin/false')).stdout);
});

e2e('a run that takes too long shows what the page says', async (t, rig) => {
  const slow = rig.agent('slow', `sleep ${rig.nap}`);
  const ended = await quick(rig, '--executor-bin', slow, '--timeout-ms', '100');
  t.equal(ended.code, 124);
  hasSymptom(t, 'timeout', ended.stdout);
});

e2e('a run that is interrupted, and one that finds it at work, show what the page says', async (t, rig) => {
  const slow = rig.agent('slow', `sleep ${rig.nap}`);
  const live = rig.start(['./out', '--quiet', ...ALL_PASS, '--executor-bin', slow]);
  await until('it works', () => rig.ledger().length > 0);
  const second = await quick(rig, '--executor-bin', '/bin/true');
  t.equal(second.code, 75);
  hasSymptom(t, 'locked', second.stderr);
  live.signal('SIGINT');
  const ended = await live.finished;
  t.equal(ended.code, 130);
  hasSymptom(t, 'interrupted', ended.stdout);
});

e2e('a wrong command line shows what the page says', async (t, rig) => {
  hasSymptom(t, 'usage', (await rig.run(['./out', '--executer-bin', 'x'])).stderr);
});

e2e('evidence that was damaged shows what the page says, cut or edited', async (t, rig) => {
  await quick(rig, '--executor-bin', '/bin/true');
  const report = 'out/orchestrator_run_report.json';
  rig.write(report, rig.read(report).replace('"allow"', '"alloW"'));
  const edited = await rig.run(['explain', './out']);
  t.equal(edited.code, 1);
  hasSymptom(t, 'evidence damaged', edited.stdout);
  truncateSync(join(rig.out, 'orchestrator_checkpoint.json'), 100);
  const cut = await rig.run(['explain', './out']);
  t.match(cut.stdout, 'the checkpoint cannot be read');
  t.match(cut.stdout, 'is not valid JSON');
});

e2e('what failed stages print is in the table of the page', async (t, rig) => {
  const section = SECTIONS.get('failed') ?? '';
  const half = rig.agent('half', `printf '{' > "$ORCHESTRATOR_OUT_DIR/x.json"`);
  const rows: readonly (readonly [words: string, flags: readonly string[]])[] = [
    ['could not start', ['--executor-bin', './none']],
    ['left no ', ['--executor-bin', '/bin/true', '--executor-expected-artifact', 'out/x.json']],
    ['left an unusable ', ['--executor-bin', half, '--executor-expected-artifact', 'out/x.json']],
    [': it is what was there before', ['--executor-bin', '/bin/true', '--executor-expected-artifact', 'old']],
  ];
  rig.gitRepo({ old: 'x' });
  for (const [words, flags] of rows) {
    t.match((await quick(rig, ...flags)).stdout, words);
    t.match(section, words);
  }
});
