import { OUTPUTS } from '../../core/agents/outputs.ts';
import { ALL_PASS, e2e } from '../rig.ts';
import { startCollector } from './collector.ts';

e2e('both encodings, packed or not, say the same', async (t, rig) => {
  const collector = await startCollector(t);
  const ok = rig.agent('ok');
  const told: unknown[] = [];
  for (const protocol of ['http/protobuf', 'http/json']) {
    for (const compression of ['none', 'gzip']) {
      collector.clear();
      const env = {
        OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`,
        OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
        OTEL_EXPORTER_OTLP_COMPRESSION: compression,
      };
      const run = await rig.run(['./out', '--executor-bin', ok, '--policy-status', 'allow'], { env });
      t.equal(run.code, 3, run.said);
      t.strictSame(collector.problems, []);
      t.equal(run.stderr, '');
      const [request] = collector.requests;
      t.equal(
        request?.headers['content-type'],
        `application/${protocol === 'http/json' ? 'json' : 'x-protobuf'}`,
      );
      t.equal(request?.headers['content-encoding'], compression === 'gzip' ? 'gzip' : undefined);
      const [root] = collector.roots();
      const { 'cicd.pipeline.run.id': _, ...attributes } = root?.attributes ?? {};
      const [duration] = collector.points('cicd.pipeline.run.duration');
      told.push({
        ...{ attributes, events: root?.events, spans: collector.spans().length },
        duration: { ...duration, value: 0, buckets: duration?.buckets.length },
      });
    }
  }
  for (const one of told) t.strictSame(one, told[0]);
});

e2e(
  'each signal has its own variables, and what they hold goes to its place and nowhere else',
  async (t, rig) => {
    const traces = await startCollector(t);
    const metrics = await startCollector(t);
    const secret = 'k3y-of-the-collector';
    const leaky = rig.agent('leaky', `echo '${secret}'`);
    const env = {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${traces.url}/custom/traces?tenant=7`,
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: `authorization=Bearer%20${secret},x-tenant=a`,
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${metrics.url}/custom/metrics`,
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta',
      OTEL_SERVICE_NAME: 'night-shift',
      OTEL_RESOURCE_ATTRIBUTES:
        'deployment.environment.name=ci,cicd.pipeline.name=fix%20it,service.name=other',
    };
    const run = await rig.run(['./out', '--executor-bin', leaky, '--verbose', ...ALL_PASS], { env });
    t.equal(run.code, 0, run.said);
    t.strictSame([...new Set(traces.requests.map((one) => one.path))], ['/custom/traces?tenant=7']);
    t.match(traces.requests[0]?.headers, { authorization: `Bearer ${secret}`, 'x-tenant': 'a' });
    t.strictSame([...new Set(metrics.requests.map((one) => one.path))], ['/custom/metrics']);
    t.equal(metrics.requests[0]?.headers.authorization, undefined);
    t.match(traces.requests[0]?.sender.resource, {
      'service.name': 'night-shift',
      'deployment.environment.name': 'ci',
    });
    t.equal(traces.roots()[0]?.name, 'RUN fix it');
    t.equal(metrics.points('cicd.pipeline.run.duration')[0]?.temporality, 1);
    t.equal(metrics.points('cicd.pipeline.run.active')[0]?.temporality, 2);
    const everywhere = [run.said, rig.read('out/orchestrator_run_report.json'), rig.read('out/audit.jsonl')];
    for (const text of [...everywhere, rig.read('out/logs/execution.1.stdout.log')]) t.notMatch(text, secret);
  },
);

e2e('what an agent used is told by the names that there are for it', async (t, rig) => {
  const collector = await startCollector(t);
  const output = rig.write('../output', OUTPUTS['claude-code'].success);
  const bin = rig.agent('claude', `cat '${output}'`);
  const flags = ['--executor-agent', 'claude-code', '--executor-bin', bin, '--executor-prompt', 'the prompt'];
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
  const run = await rig.run(['./out', ...flags, '--executor-model', 'opus', ...ALL_PASS], { env });
  t.equal(run.code, 0, run.said);
  const usage = rig.report().stage_executions.find((one) => one.step === 'executor')?.usage;
  t.type(usage?.cost_usd, 'number');
  t.match(collector.task('execution')?.attributes, {
    'gen_ai.agent.name': 'claude-code',
    'gen_ai.request.model': 'opus',
    'gen_ai.usage.input_tokens': usage?.input_tokens,
    'gen_ai.usage.output_tokens': usage?.output_tokens,
    'orchestrator.usage.cost_usd': usage?.cost_usd,
    'orchestrator.usage.turns': usage?.turns,
  });
  const sent = collector.requests.map((one) => one.body).join('');
  t.notMatch(sent, 'the prompt');
  t.notMatch(sent, rig.base, 'no path of this machine');
});

e2e('what cannot be used is one line on stderr, and the run is as it was', async (t, rig) => {
  const collector = await startCollector(t);
  const ok = rig.agent('ok');
  const url = collector.url;
  const cases: readonly (readonly [env: Readonly<Record<string, string>>, said: RegExp, sent: boolean])[] = [
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'ftp://me:hush@x' }, /_ENDPOINT: expected an http or https URL/, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, /_ENDPOINT: expected/, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, /grpc is not spoken/, false],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: 'carrier' },
      /_PROTOCOL: expected/,
      true,
    ],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_HEADERS: 'hush' }, /_HEADERS: expected/, true],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_TIMEOUT: '3s' }, /_TIMEOUT: expected/, true],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_SDK_DISABLED: 'maybe' }, /_DISABLED: expected/, true],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: url, TRACEPARENT: 'hush' }, /TRACEPARENT is no trace parent/, true],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_RESOURCE_ATTRIBUTES: 'a' }, /_ATTRIBUTES: expected/, true],
  ];
  for (const [env, said, sent] of cases) {
    collector.clear();
    const run = await rig.run(['./out', '--executor-bin', ok, ...ALL_PASS], { env });
    t.equal(run.code, 0, run.said);
    t.match(run.stderr, /^orchestrator: telemetry: [^\n]*\n$/);
    t.match(run.stderr, said);
    t.notMatch(run.said, 'hush');
    t.equal(collector.spans().length > 0, sent, run.stderr);
  }
});

e2e('who is switched off sends nothing and says nothing', async (t, rig) => {
  const collector = await startCollector(t);
  const ok = rig.agent('ok');
  const named = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
  const off = { ...named, OTEL_SDK_DISABLED: 'TRUE' };
  const none = { ...named, OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' };
  for (const env of [off, none, { OTEL_EXPORTER_OTLP_ENDPOINT: '' }, { OTEL_SERVICE_NAME: 'x' }]) {
    const run = await rig.run(['./out', '--executor-bin', ok, ...ALL_PASS], { env });
    t.equal(run.code, 0);
    t.equal(run.stderr, '');
  }
  t.equal(collector.requests.length, 0);
});

e2e(
  '--dry-run and doctor say where telemetry would go, without what is secret, and ask nobody',
  async (t, rig) => {
    const collector = await startCollector(t);
    const ok = rig.agent('ok');
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url.replace('//', '//me:hush-hush@'),
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=hush-hush',
      OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'grpc',
    };
    for (const command of [['--dry-run'], ['doctor', '--verbose']]) {
      const run = await rig.run([...command, './out', '--executor-bin', ok, ...ALL_PASS], { env });
      t.equal(run.code, 0, run.said);
      t.match(run.stdout, `traces to ${collector.url} (http/protobuf, at most 3000 ms)`);
      t.match(run.stdout, 'grpc is not spoken here');
      t.notMatch(run.said, 'hush');
    }
    t.equal(collector.requests.length, 0);
  },
);
