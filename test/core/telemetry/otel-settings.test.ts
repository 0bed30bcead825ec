import t from 'tap';
import { describeOtel } from '../../../src/core/telemetry/describe-otel.ts';
import { readOtelSettings } from '../../../src/core/telemetry/otel-settings.ts';
import { namesCollector, parsePairs } from '../../../src/core/telemetry/otel-variables.ts';

const ENDPOINT = 'OTEL_EXPORTER_OTLP_ENDPOINT';

t.test('without an endpoint nothing is sent, whatever else is set', (t) => {
  for (const env of [{}, { [ENDPOINT]: '' }, { [ENDPOINT]: '  ' }, { OTEL_SERVICE_NAME: 'x' }]) {
    t.equal(namesCollector(env), false);
    t.strictSame(readOtelSettings(env), { settings: null, problems: [] });
  }
  t.end();
});

t.test('the common endpoint gets the path of each signal, an own endpoint stays as it is', (t) => {
  const cases: readonly (readonly [string, string])[] = [
    ['http://c:4318', 'http://c:4318/v1/traces'],
    ['http://c:4318/', 'http://c:4318/v1/traces'],
    ['https://c/base//', 'https://c/base/v1/traces'],
    ['HTTP://C/base?k=v', 'http://c/base/v1/traces?k=v'],
  ];
  for (const [endpoint, url] of cases) {
    t.equal(readOtelSettings({ [ENDPOINT]: endpoint }).settings?.targets.traces?.url, url);
  }
  const own = { [ENDPOINT]: 'http://c', OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://m' };
  t.equal(readOtelSettings(own).settings?.targets.metrics?.url, 'http://m/');
  const only = readOtelSettings({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://t/x' }).settings?.targets;
  t.match(only, { traces: { url: 'http://t/x' }, metrics: null });
  t.end();
});

t.test('a limit is never longer than five seconds', (t) => {
  const limits = { '1': 1, '0': 5000, '4999': 4999, '60000': 5000, '-1': 3000, '1e3': 3000, '': 3000 };
  for (const [text, ms] of Object.entries(limits)) {
    const env = { [ENDPOINT]: 'http://c', OTEL_EXPORTER_OTLP_TIMEOUT: text };
    t.equal(readOtelSettings(env).settings?.targets.traces?.timeoutMs, ms, text);
  }
  t.end();
});

t.test('headers are decoded, and none is sent that would change what the request is', (t) => {
  const read = (headers: string) => {
    const { settings, problems } = readOtelSettings({
      [ENDPOINT]: 'http://c',
      OTEL_EXPORTER_OTLP_HEADERS: headers,
    });
    return { headers: settings?.targets.traces?.headers, problems: problems.length };
  };
  t.strictSame(read('Authorization=Bearer%20x%3D1, x-a = b ,'), {
    headers: { authorization: 'Bearer x=1', 'x-a': 'b' },
    problems: 0,
  });
  t.strictSame(read('Host=evil,Content-Length=1,Transfer-Encoding=chunked,a=1'), {
    headers: { a: '1' },
    problems: 0,
  });
  for (const bad of ['a', '=b', 'a b=c', 'a=%0d%0ax: y', 'a=%zz', 'a=%E2%82%AC']) {
    t.strictSame(read(bad), { headers: {}, problems: 1 }, bad);
  }
  t.end();
});

t.test('a variable of one signal comes before that of both', (t) => {
  const env = {
    [ENDPOINT]: 'http://c',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf',
    OTEL_EXPORTER_OTLP_METRICS_COMPRESSION: 'gzip',
  };
  t.match(readOtelSettings(env).settings?.targets, {
    traces: { protocol: 'http/protobuf', isCompressed: false },
    metrics: { protocol: 'http/json', isCompressed: true },
  });
  t.end();
});

t.test('no problem, and nothing that is shown, holds what a variable holds', (t) => {
  const hush = 'hush';
  const names = ['PROTOCOL', 'TIMEOUT', 'COMPRESSION', 'HEADERS'].map((name) => `OTEL_EXPORTER_OTLP_${name}`);
  const more = ['OTEL_TRACES_EXPORTER', 'OTEL_SDK_DISABLED', 'OTEL_METRIC_EXPORT_INTERVAL', 'TRACEPARENT'];
  const own = ['OTEL_RESOURCE_ATTRIBUTES', 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE'];
  const all = [...names, ...more, ...own];
  const env = Object.fromEntries(all.map((name) => [name, hush]));
  const url = `http://me:${hush}@collector:4318/${hush}?key=${hush}`;
  const { sent, problems } = describeOtel({ ...env, [ENDPOINT]: url });
  t.equal(problems.length, all.length, problems.join('\n'));
  t.strictSame(sent, ['metrics to http://collector:4318 (http/protobuf, at most 3000 ms)']);
  t.notMatch([...sent, ...problems].join('\n'), hush);
  t.end();
});

t.test('pairs are read as W3C Baggage has them', (t) => {
  t.strictSame(parsePairs('a=1,b=x%2Cy,c=p=q'), [
    ['a', '1'],
    ['b', 'x,y'],
    ['c', 'p=q'],
  ]);
  t.strictSame(parsePairs(''), []);
  for (const text of ['a', '=1', 'a=%', 'a=1,b']) t.equal(parsePairs(text), null, text);
  t.end();
});
