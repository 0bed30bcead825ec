import type { Test } from 'tap';
import { ALL_PASS, e2e, type Rig, until } from '../rig.ts';
import { type Collector, startCollector } from './collector.ts';

const SERVER = 2;
const INTERNAL = 1;
const ERROR = 2;

interface Ending {
  readonly code: number;
  readonly result: string;
  readonly errorType?: string;
}

const sentTo = (collector: Collector) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });

/** The one root span of what was sent since the last time, checked against how the run ended. */
function checkRoot(t: Test, rig: Rig, collector: Collector, ending: Ending): void {
  const { code, result, errorType } = ending;
  t.strictSame(collector.problems, [], 'every request is one of the protocol');
  const [root, ...more] = collector.roots();
  t.equal(more.length, 0, 'one span of kind SERVER');
  t.match(root, {
    ...{ name: 'RUN orchestrate', kind: SERVER, status: code === 0 ? 0 : ERROR, parentSpanId: '' },
    attributes: {
      'cicd.pipeline.name': 'orchestrate',
      'cicd.pipeline.run.id': rig.report().run_id,
      'cicd.pipeline.result': result,
      'process.exit.code': code,
    },
  });
  t.equal(root?.attributes['error.type'], errorType);
  t.match(collector.points('cicd.pipeline.run.duration'), [
    { kind: 'histogram', unit: 's', attributes: { 'cicd.pipeline.result': result } },
  ]);
  t.match(collector.points('cicd.pipeline.run.active').at(-1), { value: 0, isMonotonic: false });
  const errors = collector.points('cicd.pipeline.run.errors');
  t.equal(errors.length > 0, code !== 0, 'errors are counted where there are some');
}

e2e('a run that is done is a span of kind SERVER with a child for each stage execution', async (t, rig) => {
  rig.gitRepo();
  const collector = await startCollector(t);
  const bins = ['--manager-bin', rig.agent('plan'), '--executor-bin', rig.agent('work')];
  const commands = ['--validation-bin', 'true', '--validation-bin', 'true'];
  const run = await rig.run(['./out', ...bins, ...commands, ...ALL_PASS], { env: sentTo(collector) });
  t.equal(run.code, 0, run.said);
  t.equal(run.stderr, '');
  checkRoot(t, rig, collector, { code: 0, result: 'success' });
  const [root] = collector.roots();
  const report = rig.report();
  const tasks = collector.spans().filter((one) => one.kind === INTERNAL);
  t.strictSame(
    tasks.map((one) => one.attributes['cicd.pipeline.task.run.id']),
    report.stage_executions.map((one) => one.idempotency_key),
  );
  for (const task of tasks) {
    t.match(task, { traceId: root?.traceId, parentSpanId: root?.spanId, status: 0 });
    t.equal(task.attributes['cicd.pipeline.task.run.result'], 'success');
  }
  t.match(collector.task('validation/command-2')?.attributes, { 'cicd.pipeline.task.type': 'test' });
  const execution = report.stage_executions.find((one) => one.stage === 'execution');
  const span = collector.task('execution');
  t.equal((span?.endMs ?? 0) - (span?.startMs ?? 0), execution?.duration_ms);
  t.strictSame(
    root?.events.map(({ name, attributes }) => [name, attributes['orchestrator.gate.name']]),
    [
      ['orchestrator.admission', 'policy'],
      ['orchestrator.gate', 'policy'],
      ['orchestrator.gate', 'ci'],
      ['orchestrator.gate', 'review'],
    ],
  );
  t.equal(root?.attributes['vcs.ref.head.revision'], report.repo.head);
  for (const { path, sender } of collector.requests) {
    t.match(path, /^\/v1\/(traces|metrics)$/);
    t.match(sender, { schemaUrl: /^https:\/\/opentelemetry\.io\/schemas\/1\./, scope: 'orchestrator' });
    t.match(sender.resource, { 'service.name': 'orchestrator', 'service.version': '0.1.0' });
  }
});

e2e('blocked, failed, timeout and interrupted are told as what they are', async (t, rig) => {
  const collector = await startCollector(t);
  const env = sentTo(collector);
  const ok = rig.agent('ok');
  const end = async (args: readonly string[], ending: Ending) => {
    collector.clear();
    const run = await rig.run(['./out', ...args], { env });
    t.equal(run.code, ending.code, run.said);
    checkRoot(t, rig, collector, ending);
  };
  await end(['--executor-bin', ok, '--policy-status', 'allow'], {
    ...{ code: 3, result: 'failure', errorType: 'GATE_CI_NOT_SUCCESS' },
  });
  const codes = ['GATE_CI_NOT_SUCCESS', 'GATE_REVIEW_NOT_APPROVED'];
  t.strictSame(collector.roots()[0]?.attributes['orchestrator.blocked_reason_codes'], codes);
  t.strictSame(
    collector.points('cicd.pipeline.run.errors').map((one) => one.attributes['error.type']),
    codes,
  );
  const bad = rig.agent('bad', 'echo hush >&2; exit 7');
  await end(['--executor-bin', bad, ...ALL_PASS], { code: 1, result: 'failure', errorType: 'stage_failed' });
  t.match(collector.task('execution'), {
    status: ERROR,
    attributes: {
      'cicd.pipeline.task.run.result': 'failure',
      'error.type': 'failed',
      'process.exit.code': 7,
    },
  });
  const slow = rig.agent('slow', `sleep ${rig.nap}`);
  const limit = ['--timeout-ms', '300', '--kill-grace-ms', '200'];
  await end(['--executor-bin', slow, ...limit, ...ALL_PASS], {
    ...{ code: 124, result: 'timeout', errorType: 'stage_timeout' },
  });
  t.equal(collector.task('execution')?.attributes['cicd.pipeline.task.run.result'], 'timeout');
  t.notMatch(collector.requests.map((one) => one.body).join(''), 'hush', 'what agents print stays here');
});

e2e('an interrupted run says so, and the run that goes on links to it in one trace', async (t, rig) => {
  const collector = await startCollector(t);
  const env = sentTo(collector);
  const agent = rig.agent('once', `[ -e '${rig.base}/go' ] || sleep ${rig.nap}`);
  const live = rig.start(['./out', '--executor-bin', agent, '--kill-grace-ms', '200', ...ALL_PASS], { env });
  await until('the agent runs', () => rig.ledger().length > 0);
  await until('it is told as active', () => collector.points('cicd.pipeline.run.active').length > 0);
  t.match(collector.points('cicd.pipeline.run.active'), [{ value: 1 }]);
  live.signal('SIGINT');
  t.equal((await live.finished).code, 130);
  checkRoot(t, rig, collector, { code: 130, result: 'cancellation', errorType: 'interrupted' });
  t.equal(collector.task('execution')?.attributes['cicd.pipeline.task.run.result'], 'cancellation');
  const [first] = collector.roots();
  collector.clear();
  rig.write('../go', '');
  const resumed = await rig.run(['./out', '--resume', ...ALL_PASS], { env });
  t.equal(resumed.code, 0, resumed.said);
  checkRoot(t, rig, collector, { code: 0, result: 'success' });
  const [second] = collector.roots();
  t.equal(second?.traceId, first?.traceId);
  t.strictSame(second?.links, [{ traceId: first?.traceId, spanId: first?.spanId }]);
  t.match(second?.attributes, { 'orchestrator.invocation': 2, 'orchestrator.resumed': true });
  t.equal(collector.spans().filter((one) => one.name === 'execution').length, 1, 'only its own attempts');
});

e2e('TRACEPARENT is the parent of the run, and no stage sees it', async (t, rig) => {
  const collector = await startCollector(t);
  const parent = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
  const agent = rig.agent('agent', `env > '${rig.base}/seen'`);
  const run = (flags: string) =>
    rig.run(['./out', '--executor-bin', agent, ...ALL_PASS], {
      env: {
        ...sentTo(collector),
        TRACEPARENT: `00-${parent.traceId}-${parent.spanId}-${flags}`,
        TRACESTATE: 'vendor=1',
      },
    });
  t.equal((await run('01')).code, 0);
  t.match(collector.roots(), [
    { traceId: parent.traceId, parentSpanId: parent.spanId, traceState: 'vendor=1' },
  ]);
  t.match(collector.task('execution'), { traceId: parent.traceId });
  t.notMatch(rig.read('../seen'), /TRACEPARENT|TRACESTATE|OTEL_/);
  collector.clear();
  t.equal((await run('00')).code, 0);
  t.equal(collector.spans().length, 0, 'a trace that is not sampled is not sent');
  t.equal(collector.points('cicd.pipeline.run.duration').length, 1);
});

e2e('a run that goes on for long is told as active again and again', async (t, rig) => {
  const collector = await startCollector(t);
  const env = { ...sentTo(collector), OTEL_METRIC_EXPORT_INTERVAL: '1' };
  const slow = rig.agent('slow', `sleep ${rig.nap}`);
  const live = rig.start(['./out', '--executor-bin', slow, '--kill-grace-ms', '200', ...ALL_PASS], { env });
  await until('three are there', () => collector.points('cicd.pipeline.run.active').length >= 3);
  live.signal('SIGTERM');
  t.equal((await live.finished).code, 143);
  const tree = rig.report().stage_executions.find((one) => one.stage === 'execution')?.process_tree;
  t.equal(tree?.survivors, 0);
  t.match(collector.points('cicd.pipeline.run.active').at(-1), { value: 0 });
});
