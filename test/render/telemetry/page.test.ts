import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { SEMCONV_SCHEMA_URL } from '../../../src/formats/otlp/sender.ts';
import { runMetrics } from '../../../src/render/telemetry/run-metrics.ts';
import { runSpans } from '../../../src/render/telemetry/run-spans.ts';
import { sampleExecution, sampleRun } from '../../fixtures/documents/sample-run.ts';

const ROOT = join(import.meta.dirname, '../../..');
const PAGE = readFileSync(join(ROOT, 'docs/telemetry.md'), 'utf8');

t.test('the page names every attribute, event and metric that is sent', async (t) => {
  const document = sampleRun({
    status: 'blocked',
    gates: { ci: 'failure' },
    change: (one) => ({ ...one, stage_executions: [sampleExecution(one.run_id, { status: 'failed' })] }),
  });
  const run = {
    ...{ document, firstExecution: 0, failure: null, exitCode: 3, pipelineName: 'x' },
    ...{ startedMs: 0, endedMs: 1, traceParent: null, mask: (text: string) => text },
  };
  const spans = runSpans(run);
  const events = spans.flatMap((span) => span.events);
  const metrics = runMetrics(run);
  const holders = [...spans, ...events, ...metrics.flatMap((one) => one.measurements)];
  const names = [
    ...holders.flatMap((one) => Object.keys(one.attributes)),
    ...[...events, ...metrics].map((one) => one.name),
  ];
  t.ok(names.length > 40);
  for (const name of new Set(names)) t.ok(PAGE.includes(`\`${name}\``), name);
  const [, version = ''] = /schemas\/(1\.\d+)/.exec(SEMCONV_SCHEMA_URL) ?? [];
  t.match(PAGE, `semantic conventions ${version} `);
});

t.test('the page names every variable that is read', async (t) => {
  const folder = join(ROOT, 'src/core/telemetry');
  const text = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
  const names = [...text.join('').matchAll(/(?:'|env\.)((?:OTEL|TRACE)[A-Z_]+)\b/g)].map(
    (match) => match[1] ?? '',
  );
  const options = [...text.join('').matchAll(/signal, '([A-Z]+)'\)/g)].map(
    (match) => `OTEL_EXPORTER_OTLP_${match[1] ?? ''}`,
  );
  t.ok(names.length > 5 && options.length > 4);
  for (const name of [...names, ...options]) t.ok(PAGE.includes(`\`${name}\``), name);
});
