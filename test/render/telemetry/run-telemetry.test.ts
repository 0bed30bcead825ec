import t from 'tap';
import { failure } from '../../../src/core/failure.ts';
import type { RunDocument } from '../../../src/core/run-document.ts';
import { executionSpanId, instanceId, invocationSpan } from '../../../src/render/telemetry/identity.ts';
import { runMetrics } from '../../../src/render/telemetry/run-metrics.ts';
import { runSpans } from '../../../src/render/telemetry/run-spans.ts';
import type { ToldRun } from '../../../src/render/telemetry/told-run.ts';
import { SAMPLE_START_MS, sampleExecution, sampleRun } from '../../fixtures/documents/sample-run.ts';

const told = (document: RunDocument, more: Partial<ToldRun> = {}): ToldRun => ({
  ...{ document, firstExecution: 0, failure: null, exitCode: 0, pipelineName: 'orchestrate' },
  ...{
    startedMs: SAMPLE_START_MS,
    endedMs: SAMPLE_START_MS + 65_000,
    traceParent: null,
    mask: (text) => text,
  },
  ...more,
});

t.test('ids follow from the run and are those of the protocol', (t) => {
  const { traceId, spanId } = invocationSpan('run', 1);
  t.match(traceId, /^[0-9a-f]{32}$/);
  t.match(spanId, /^[0-9a-f]{16}$/);
  t.strictSame(invocationSpan('run', 1), { traceId, spanId });
  t.equal(invocationSpan('run', 2).traceId, traceId);
  t.not(invocationSpan('run', 2).spanId, spanId);
  t.not(invocationSpan('other', 1).traceId, traceId);
  t.not(executionSpanId('run', 0), executionSpanId('run', 1));
  t.match(instanceId('run', 1), /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  t.end();
});

t.test('only the executions of this invocation are told, by the ids that they always have', (t) => {
  const document = sampleRun();
  const count = document.stage_executions.length;
  const all = runSpans(told(document)).slice(1);
  t.equal(all.length, count);
  t.strictSame(
    runSpans(told(document, { firstExecution: 2 }))
      .slice(1)
      .map((one) => one.spanId),
    all.slice(2).map((one) => one.spanId),
  );
  t.end();
});

t.test('a run of very many attempts tells the latest ten thousand', (t) => {
  const run = 'r';
  const stage_executions = Array.from({ length: 10_050 }, (_, index) =>
    sampleExecution(run, { attempt: index + 1 }),
  );
  const spans = runSpans(told({ ...sampleRun(), run_id: run, stage_executions }));
  t.equal(spans.length, 10_001);
  t.equal(spans.at(-1)?.attributes['orchestrator.attempt'], 10_050);
  t.equal(spans.at(-1)?.spanId, executionSpanId(run, 10_049));
  t.equal(new Set(spans.map((one) => one.spanId)).size, spans.length);
  t.end();
});

t.test('no text that an agent has written is told, and what is told is masked, one line and bounded', (t) => {
  const long = `s3cret\u001b[2J\n${'x'.repeat(5000)}`;
  const document = sampleRun({
    change: (one) => ({
      ...one,
      stage_executions: [
        sampleExecution(one.run_id, { status: 'failed', error: 'told by the agent', stage: long }),
      ],
      gate_decisions: one.gate_decisions.map((gate) => ({
        ...gate,
        source: long,
        details: ['told by the forge'],
      })),
    }),
  });
  const mask = (text: string) => text.replaceAll('s3cret', '***');
  const spans = runSpans(told(document, { mask, pipelineName: long }));
  const sent = JSON.stringify([spans, runMetrics(told(document, { mask, pipelineName: long }))]);
  t.notMatch(sent, /told by|s3cret|\\u001b|\\n/);
  t.match(sent, '***');
  const texts = spans.flatMap((one) => [one.name, ...Object.values(one.attributes)]);
  for (const text of texts) if (typeof text === 'string') t.ok(text.length <= 204, text.slice(0, 20));
  t.end();
});

t.test('a clock that was set back makes no span that ends before it begins', (t) => {
  const document = sampleRun({
    change: (one) => ({
      ...one,
      stage_executions: [sampleExecution(one.run_id, { duration_ms: -5 })],
    }),
  });
  const run = told(document, { endedMs: SAMPLE_START_MS - 1000 });
  for (const span of runSpans(run)) t.ok(span.endMs >= span.startMs, span.name);
  t.equal(runMetrics(run)[0]?.measurements[0]?.value, 0);
  t.end();
});

t.test('an error is counted for each attempt that has a class of error, and for the end of the run', (t) => {
  const document = sampleRun({
    status: 'failed',
    failure: failure('stage_failed', 'x', { stage: 'execution' }),
    change: (one) => ({
      ...one,
      stage_executions: [
        sampleExecution(one.run_id, { status: 'failed' }),
        sampleExecution(one.run_id, { status: 'failed', attempt: 2 }),
        sampleExecution(one.run_id, { status: 'skipped', attempt: 3 }),
      ],
    }),
  });
  const errors = (run: ToldRun) =>
    runMetrics(run)
      .find((one) => one.name === 'cicd.pipeline.run.errors')
      ?.measurements.map((one) => [one.attributes['error.type'], one.value]);
  t.strictSame(errors(told(document, { failure: document.failure, exitCode: 1 })), [
    ['failed', 2],
    ['stage_failed', 1],
  ]);
  t.equal(errors(told(sampleRun())), undefined, 'no error is no metric');
  const blocked = sampleRun({ status: 'blocked', gates: { ci: 'failure', review: 'missing' } });
  t.strictSame(errors(told(blocked, { exitCode: 3 })), [
    ['GATE_CI_NOT_SUCCESS', 1],
    ['GATE_REVIEW_NOT_APPROVED', 1],
  ]);
  t.end();
});

t.test('metrics hold no run id: it would make a series of every run', (t) => {
  const document = sampleRun();
  t.notMatch(JSON.stringify(runMetrics(told(document))), document.run_id);
  t.end();
});
