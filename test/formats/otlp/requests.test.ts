import t from 'tap';
import type { Metric, Span } from '../../../src/core/telemetry/telemetry-data.ts';
import { nanoseconds } from '../../../src/formats/otlp/attributes.ts';
import { METRICS_REQUEST, TRACE_REQUEST } from '../../../src/formats/otlp/fields.ts';
import { DURATION_BOUNDS, metricsRequest } from '../../../src/formats/otlp/metrics-request.ts';
import { encodeProtobuf } from '../../../src/formats/otlp/protobuf.ts';
import { traceRequest } from '../../../src/formats/otlp/trace-request.ts';
import { readBinary, readJson } from '../../e2e/telemetry/otlp-definitions.ts';
import { seenPoints, seenSpans } from '../../e2e/telemetry/seen.ts';

const SENDER = { resource: { 'service.name': 'x' }, scopeName: 'orchestrator', version: '1.2.3' };

const SPAN: Span = {
  ...{
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    parentSpanId: '00f067aa0ba902b7',
  },
  ...{ isParentRemote: true, traceState: 'a=1', name: 'RUN x', kind: 'server', isError: true },
  ...{ startMs: 1_795_863_154_519, endMs: 1_795_863_154_519.36 },
  attributes: { text: 'é\u0000', whole: -3, part: 0.25, yes: true, list: ['a', 'b'], none: null },
  events: [{ name: 'e', atMs: 5, attributes: { a: '1' } }],
  links: [{ traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203332' }],
};

t.test('a span reads the same in both encodings, by the definitions of the protocol', (t) => {
  const message = traceRequest([SPAN, { ...SPAN, parentSpanId: null, isError: false }], SENDER);
  const binary = readBinary('traces', encodeProtobuf(message, TRACE_REQUEST));
  const json = readJson('traces', JSON.stringify(message));
  const [span, root] = seenSpans(binary);
  t.strictSame(seenSpans(json), [span, root]);
  const { traceId, spanId, parentSpanId } = SPAN;
  t.match(span, {
    traceId,
    spanId,
    parentSpanId,
    kind: 2,
    status: 2,
    traceState: 'a=1',
    endMs: SPAN.startMs,
  });
  t.strictSame(span?.attributes, { text: 'é\u0000', whole: -3, part: 0.25, yes: true, list: ['a', 'b'] });
  t.strictSame(span?.links, SPAN.links);
  t.match(root, { parentSpanId: '', status: 0 });
  t.end();
});

t.test('a duration is in the bucket of the first bound that is not below it', (t) => {
  const metric = (value: number): Metric => ({
    ...{ name: 'd', description: '', unit: 's', instrument: 'histogram' },
    measurements: [{ value, attributes: {} }],
  });
  const bucketOf = (value: number) => {
    const collected = { sinceMs: 0, atMs: 1, temporality: 'cumulative' } as const;
    const message = metricsRequest([metric(value)], collected, SENDER);
    const [point] = seenPoints(readBinary('metrics', encodeProtobuf(message, METRICS_REQUEST)));
    t.equal(point?.value, value);
    t.equal(point?.buckets.length, DURATION_BOUNDS.length + 1);
    return point?.buckets.indexOf('1');
  };
  t.equal(bucketOf(0), 0);
  t.equal(bucketOf(1), 0);
  t.equal(bucketOf(1.001), 1);
  t.equal(bucketOf(43_200), DURATION_BOUNDS.length - 1);
  t.equal(bucketOf(1e9), DURATION_BOUNDS.length);
  t.end();
});

t.test('a preference for deltas leaves what goes up and down as it stands', (t) => {
  const metric = (instrument: Metric['instrument']): Metric => ({
    ...{ name: instrument, description: '', unit: '1', instrument },
    measurements: [{ value: 1, attributes: {} }],
  });
  const message = metricsRequest(
    [metric('counter'), metric('up-down-counter'), metric('histogram')],
    { sinceMs: 0, atMs: 1, temporality: 'delta' },
    SENDER,
  );
  const points = seenPoints(readJson('metrics', JSON.stringify(message)));
  t.strictSame(
    points.map((one) => one.temporality),
    [1, 2, 1],
  );
  t.strictSame(
    points.map((one) => one.isMonotonic),
    [true, false, false],
  );
  t.end();
});

t.test('a time is told in whole nanoseconds', (t) => {
  t.equal(nanoseconds(1_795_863_154_519.36), '1795863154519360000');
  t.equal(nanoseconds(-1), '0');
  t.end();
});
