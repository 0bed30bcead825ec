import { ALL_PASS, e2e } from './rig.ts';

const SECRET = 'c4n4ry-of-23-characters';

/** Longer than a pipe holds: it can only be read in pieces, and no piece's length is a multiple of the secret's. */
const TIMES = 60_000;

e2e('a secret is masked wherever the output is cut into pieces', async (t, rig) => {
  const agent = rig.nodeAgent(
    'endless',
    `const bytes = Buffer.from(process.env.API_TOKEN.repeat(${TIMES}));
     for (let at = 0; at < bytes.length; ) at += require('node:fs').writeSync(1, bytes, at);`,
  );
  const run = await rig.run([
    ...['./out', ...ALL_PASS, '--manager-bin', agent],
    ...['--manager-env', `API_TOKEN=${SECRET}`],
  ]);
  t.equal(run.code, 0, run.said);
  const log = rig.read('out/logs/planning.1.stdout.log');
  t.equal(log.replaceAll('***', '').trim().slice(0, 100), '', 'nothing of it is left, cut or whole');
  t.ok(log.includes('***'));
});
