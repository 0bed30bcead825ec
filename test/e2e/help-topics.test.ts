/** What the executable alone can tell of a code that it has printed. */

import { FAILURE_REASONS } from '../../src/core/failure.ts';
import { GATE_CODES } from '../../src/core/gates/gate-codes.ts';
import { e2e, inParallel } from './rig.ts';

e2e('help tells what explain names: every failure, a reason code, a status, a gate code', async (t, rig) => {
  const gateCodes = Object.values(GATE_CODES).flat().slice(0, 3);
  const topics = [
    ...FAILURE_REASONS,
    'GATE_CI_NOT_SUCCESS',
    'gate_ci_not_success',
    'artifact_missing',
    ...gateCodes,
  ];
  await inParallel(topics, async (topic) => {
    const run = await rig.run(['help', topic]);
    t.equal(run.code, 0, `${topic}: ${run.stderr}`);
    t.match(run.stdout.toLowerCase(), `${topic.toLowerCase()} (docs/`, topic);
    t.notMatch(run.stdout, /\*\*|\]\(|<!--/, `${topic}: no Markdown`);
    t.ok(run.stdout.split('\n').length > 3, topic);
  });
});

e2e(
  'help prints a page, the manual page, and says what there is instead of what there is not',
  async (t, rig) => {
    t.match((await rig.run(['help', 'stage-statuses'])).stdout, /^# Stage statuses\n/);
    t.match((await rig.run(['help', 'man'])).stdout, /^\.TH ORCHESTRATOR 1 /);
    const wrong = await rig.run(['help', 'stage_faild']);
    t.equal(wrong.code, 2);
    t.match(wrong.stderr, /got "stage_faild" \(did you mean stage_failed\?\)/);
  },
);

e2e('the topic that explain names is one', async (t, rig) => {
  await rig.run(['./out', '--executor-bin', '/bin/false', '--policy-status', 'allow']);
  const { stdout } = await rig.run(['explain', './out']);
  const [, topic = ''] = /; orchestrator help (\S+)$/m.exec(stdout) ?? [];
  t.equal(topic, 'stage_failed');
  t.equal((await rig.run(['help', topic])).code, 0);
});

e2e('every section that the line docs: names is printed by its name there', async (t, rig) => {
  await rig.run(['./out', '--executor-bin', '/bin/false', '--policy-status', 'allow']);
  const { stdout } = await rig.run(['explain', './out']);
  const places = stdout.match(/docs\/[a-z-]+\.md#[a-z_-]+/g) ?? [];
  t.ok(places.length > 0, stdout);
  await inParallel([...places, 'failures#stage_failed', 'failures.md#stage_failed'], async (place) => {
    const [page = '', code = ''] = place.replace(/^docs\//, '').split('#');
    const run = await rig.run(['help', place]);
    t.equal(run.code, 0, `${place}: ${run.stderr}`);
    t.match(run.stdout.toLowerCase(), `${code} (docs/${page.replace('.md', '')}.md)`);
  });
  t.equal((await rig.run(['help', 'failures#nothing_like_it'])).code, 2);
  t.match((await rig.run(['explain', '--help'])).stdout, 'orchestrator help failures#stage_failed');
});
