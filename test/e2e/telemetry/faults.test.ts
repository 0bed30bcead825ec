/** Collectors that are dead, slow, lying or hostile: the run ends as it would have without them. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Test } from 'tap';
import { ALL_PASS, e2e, type Rig, until } from '../rig.ts';
import { type Answer, startCollector } from './collector.ts';

/** What differs between two runs of the same, by name. */
const VOLATILE = new Set([
  ...['run_id', 'started_at', 'finished_at', 'ended_at', 'duration_ms', 'idempotency_key', 'pid', 'cookie'],
  ...['timestamp_unix_secs', 'timestamp_unix_ms', 'started_at_unix_secs', 'started_at_unix_ms', 'counts'],
  ...['asserted_at_unix_secs', 'audit_head', 'env_withheld', 'clean_sweeps', 'generation'],
]);

/** The report without what differs between two runs of the same. */
function comparable(rig: Rig): unknown {
  return JSON.parse(rig.read('out/orchestrator_run_report.json'), (key, value: unknown) =>
    VOLATILE.has(key) ? undefined : value,
  );
}

interface Trial {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  readonly said: RegExp;
}

/** Runs the same with each of these collectors and with none. */
async function tryAll(t: Test, rig: Rig, trials: readonly Trial[]): Promise<void> {
  const args = ['./out', '--executor-bin', rig.agent('ok', 'echo done'), '--policy-status', 'allow'];
  // Twice: every run but the first moves earlier evidence away, and says so.
  await rig.run(args);
  const plain = await rig.run(args);
  t.equal(plain.code, 3, plain.said);
  const expected = comparable(rig);
  const lines = plain.stdout.split('\n').length;
  for (const { name, env, said } of trials) {
    const run = await rig.run(args, { env });
    t.equal(run.code, 3, `${name}: ${run.said}`);
    t.strictSame(comparable(rig), expected, name);
    t.equal(run.stdout.split('\n').length, lines, `${name}: ${run.stdout}`);
    t.match(run.stderr, /^orchestrator: telemetry: [^\n]*\n$/, name);
    t.match(run.stderr, said, name);
    t.notMatch(run.said, 'hush', name);
  }
}

const at = (url: string, more: Readonly<Record<string, string>> = {}) => ({
  ...{ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_HEADERS: 'x-key=hush-hush' },
  ...more,
});

/** A server that does as it likes with each connection. */
async function startRawServer(t: Test, act: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    act(socket);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  // A server that listens on TCP has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

const SHORT = { OTEL_EXPORTER_OTLP_TIMEOUT: '300' };

e2e('a collector that is dead or hangs changes neither exit code nor evidence', async (t, rig) => {
  const hanging = await startRawServer(t, () => undefined);
  const closing = await startRawServer(t, (socket) => socket.destroy());
  const dripping = await startRawServer(t, (socket) => {
    const timer = setInterval(() => socket.write('HTTP/1.1 100 Continue\r\n\r\n'), 20);
    socket.on('close', () => clearInterval(timer));
  });
  await tryAll(t, rig, [
    { name: 'nobody listens', env: at('http://127.0.0.1:1'), said: /127\.0\.0\.1:1 \(ECONNREFUSED\)/ },
    {
      name: 'no such name',
      env: at('http://collector.invalid:4318'),
      said: /collector\.invalid:4318 \((E|no )/,
    },
    { name: 'hangs', env: at(hanging, SHORT), said: /no answer within 300 ms/ },
    { name: 'drips', env: at(dripping, SHORT), said: /no answer within 300 ms/ },
    { name: 'hangs up', env: at(closing), said: /ECONNRESET/ },
    { name: 'no TLS', env: at(closing.replace('http:', 'https:')), said: /traces were not taken/ },
    {
      name: 'no certificate file',
      env: at('https://127.0.0.1:1', { OTEL_EXPORTER_OTLP_CERTIFICATE: '/nowhere/hush.pem' }),
      said: /the certificate file could not be read/,
    },
  ]);
});

e2e(
  'however long a limit is asked for, a hanging collector is not waited for longer than five seconds',
  async (t, rig) => {
    const hanging = await startRawServer(t, () => undefined);
    const env = at(hanging, { OTEL_EXPORTER_OTLP_TIMEOUT: '999999999' });
    const run = await rig.run(['./out', '--executor-bin', rig.agent('ok'), ...ALL_PASS], { env });
    t.equal(run.code, 0, run.said);
    t.match(run.stderr, /no answer within 5000 ms/);
  },
);

e2e(
  'a signal while a hanging collector is waited for ends the waiting, and not the verdict',
  async (t, rig) => {
    const hanging = await startRawServer(t, () => undefined);
    const env = at(hanging, { OTEL_EXPORTER_OTLP_TIMEOUT: '5000' });
    const live = rig.start(['./out', '--executor-bin', rig.agent('ok'), ...ALL_PASS], { env });
    await until('the verdict', () => live.said().includes('closure-ready'));
    live.signal('SIGINT');
    const ended = await live.finished;
    t.equal(ended.code, 0, ended.said);
    t.notMatch(ended.stderr, /no answer within/);
  },
);

e2e(
  'answers that refuse, redirect or lie change nothing, and no header goes anywhere else',
  async (t, rig) => {
    const elsewhere = await startCollector(t);
    const answering = async (answer: Answer) => at((await startCollector(t, answer)).url);
    const status = (code: number) => answering((response) => response.writeHead(code).end('<b>hush</b>'));
    const redirect: Answer = (response) => response.writeHead(307, { location: elsewhere.url }).end();
    const bomb: Answer = (response) => {
      response.writeHead(500, { 'x-large': 'h'.repeat(100_000) }).end('x'.repeat(1_000_000));
    };
    const garbage = await startRawServer(t, (socket) => socket.end('\u001b]0;hush\u0007\r\n\r\n'));
    await tryAll(t, rig, [
      { name: '400', env: await status(400), said: /HTTP 400/ },
      { name: '401', env: await status(401), said: /HTTP 401/ },
      { name: '500', env: await status(500), said: /HTTP 500/ },
      { name: '503, tried twice', env: await status(503), said: /HTTP 503/ },
      { name: 'elsewhere', env: await answering(redirect), said: /HTTP 307, not followed/ },
      { name: 'headers without end', env: await answering(bomb), said: /HPE_HEADER_OVERFLOW/ },
      { name: 'garbage', env: at(garbage), said: /HPE_/ },
    ]);
    t.equal(elsewhere.requests.length, 0);
  },
);

e2e('an answer that says 200 and then garbage is taken for what it says', async (t, rig) => {
  const collector = await startCollector(t, (response) => response.end('\u0000garbage'));
  const env = at(collector.url);
  const run = await rig.run(['./out', '--executor-bin', rig.agent('ok'), ...ALL_PASS], { env });
  t.equal(run.code, 0, run.said);
  t.equal(run.stderr, '');
});

e2e('an answer that may be better a moment later is asked for once more', async (t, rig) => {
  const refused = new Set<string>();
  const collector = await startCollector(t, (response, { url = '' }) => {
    response.writeHead(refused.has(url) ? 200 : 503).end();
    refused.add(url);
  });
  const env = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: collector.url };
  const run = await rig.run(['./out', '--executor-bin', rig.agent('ok'), ...ALL_PASS], { env });
  t.equal(run.code, 0, run.said);
  t.equal(run.stderr, '');
  t.equal(collector.roots().length, 2, 'the same spans, twice');
});

e2e('a run that is refused, and one that --quiet keeps silent, say nothing of telemetry', async (t, rig) => {
  const env = at('http://127.0.0.1:1');
  const refused = await rig.run(['./out', '--repo-root', './nowhere', ...ALL_PASS], { env });
  t.equal(refused.code, 2);
  t.notMatch(refused.said, 'telemetry');
  const quiet = await rig.run(['./out', '--executor-bin', rig.agent('ok'), '--quiet', ...ALL_PASS], { env });
  t.equal(quiet.code, 0);
  t.equal(quiet.said, '');
});

e2e('nothing is left of the process that sends, and it holds nothing of the caller open', async (t, rig) => {
  const hanging = await startRawServer(t, () => undefined);
  // One of the few variables that the process gets: it is found by it.
  const env = at(hanging, { ...SHORT, HOSTALIASES: `${rig.base}/none` });
  const slow = rig.agent('slow', `sleep ${rig.nap}`);
  const open = rig.write('../open', 'of the caller');
  const live = rig.start(['./out', '--executor-bin', slow, ...ALL_PASS], {
    env,
    // The runtime itself sees to the first sixteen.
    through: ['bash', '-c', `exec "$@" 200< '${open}'`, 'bash'],
  });
  await until('the agent runs', () => rig.ledger().length > 0);
  const senders = rig.survivors().filter((one) => one.includes('__telemetry'));
  t.equal(senders.length, 1);
  const folder = `/proc/${senders[0]?.split(' ')[0]}`;
  const held = readdirSync(`${folder}/fd`).map((name) => readlinkSync(`${folder}/fd/${name}`));
  t.ok(held.length >= 3, 'its descriptors can be seen');
  t.notOk(held.includes(open));
  t.notMatch(
    readFileSync(`${folder}/environ`, 'latin1') + senders[0],
    'hush',
    'headers are not for everybody',
  );
  live.signal('SIGKILL');
  await live.finished;
  t.strictSame(await rig.survivorsAfter(20_000), [], 'also after a kill -9');
});
