/** Names that nobody resolves, and certificates. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ALL_PASS, e2e, PATH, type Rig } from '../rig.ts';

function cannot(file: string, args: readonly string[]): string | false {
  try {
    execFileSync(file, args, { stdio: 'ignore' });
    return false;
  } catch {
    return `needs ${file} ${args.join(' ')}`;
  }
}

/** A name server that is there and never answers. */
const SILENT_NAME_SERVER = `require('node:dgram').createSocket('udp4').bind(53, '127.0.0.1', () => console.log('bound'))`;

const ALONE = ['-r', '-m', '-n'];

e2e(
  'a name server that never answers does not hold up the end of a run',
  async (t, rig) => {
    const ok = rig.agent('ok');
    const script = [
      // A look-up takes 150 seconds, and nothing can break it off; this test is given 60.
      `printf 'nameserver 127.0.0.1\\noptions timeout:30 attempts:5\\n' > '${rig.base}/resolv'`,
      'ip link set lo up',
      `mount --bind '${rig.base}/resolv' /etc/resolv.conf`,
      `'${process.execPath}' -e "${SILENT_NAME_SERVER}" > '${rig.base}/bound' & server=$!`,
      `until [ -s '${rig.base}/bound' ]; do :; done`,
      '"$@"; code=$?; kill $server; exit $code',
    ].join('\n');
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.test:4318',
      OTEL_EXPORTER_OTLP_TIMEOUT: '200',
    };
    const run = await rig.run(['./out', '--executor-bin', ok, ...ALL_PASS], {
      env: { ...env, PATH: `/usr/sbin:/sbin:${PATH}` },
      through: ['unshare', ...ALONE, 'sh', '-c', script, 'sh'],
    });
    t.equal(run.code, 0, run.said);
    t.match(run.stderr, /no answer within 200 ms/);
    t.equal(run.hung, false);
  },
  { skip: cannot('unshare', [...ALONE, 'ip', 'link', 'set', 'lo', 'up']) },
);

/** A server that nobody but the holder of its certificate trusts. */
async function startTls(rig: Rig) {
  const [key, certificate] = [join(rig.base, 'key.pem'), join(rig.base, 'certificate.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', ...kind, ...subject, '-keyout', key, '-out', certificate], {
    stdio: 'ignore',
  });
  const options = { key: readFileSync(key), cert: readFileSync(certificate) };
  const paths: string[] = [];
  const server = createServer(options, (request, response) => {
    paths.push(request.url ?? '');
    request.resume().on('end', () => response.end());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  // A server that listens on TCP has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return { server, certificate, paths, url: `https://127.0.0.1:${port}` };
}

e2e(
  'over TLS nobody is told who is not trusted; OTEL_EXPORTER_OTLP_CERTIFICATE says who is',
  async (t, rig) => {
    const { server, certificate, paths, url } = await startTls(rig);
    t.teardown(() => {
      server.close();
      server.closeAllConnections();
    });
    const run = (more: Readonly<Record<string, string>>) =>
      rig.run(['./out', '--executor-bin', rig.agent('ok'), ...ALL_PASS], {
        env: { OTEL_EXPORTER_OTLP_ENDPOINT: url, ...more },
      });
    const untrusted = await run({});
    t.equal(untrusted.code, 0);
    t.match(untrusted.stderr, /DEPTH_ZERO_SELF_SIGNED_CERT/);
    t.strictSame(paths, []);
    const trusted = await run({ OTEL_EXPORTER_OTLP_CERTIFICATE: certificate });
    t.equal(trusted.code, 0);
    t.equal(trusted.stderr, '');
    t.ok(paths.includes('/v1/traces') && paths.includes('/v1/metrics'));
  },
  { skip: cannot('openssl', ['version']) },
);
