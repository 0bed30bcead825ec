import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { startChild } from '../../src/process/start-child.ts';

t.test('output is awaited on both streams, whichever is closed first', async (t) => {
  const folder = t.testdir();
  const go = join(folder, 'go');
  let said = '';
  const child = await startChild({
    file: '/bin/sh',
    args: ['-c', `(until [ -e '${go}' ]; do sleep 0.01; done; echo late >&2) >&- & exit 0`],
    cwd: folder,
    env: { PATH: process.env.PATH ?? '' },
    input: null,
    pipes: null,
    onStdout: () => {},
    onStderr: (chunk) => {
      said += chunk.toString();
    },
  });
  if ('errno' in child) throw new Error(child.message);
  const closed = child.closeOutput(20_000);
  await new Promise<void>((done) => child.onEnd(done));
  // stdout has its end and its close now, or in the next rounds of the loop.
  for (let round = 0; round < 2000; round += 1) await new Promise((done) => setImmediate(done));
  writeFileSync(go, '');
  await closed;
  t.equal(said, 'late\n');
});

t.test('what is not closed in time is given up', async (t) => {
  const child = await startChild({
    file: '/bin/sh',
    args: ['-c', 'sleep 60 & echo $!'],
    cwd: t.testdir(),
    env: { PATH: process.env.PATH ?? '' },
    input: null,
    pipes: null,
    onStdout: (chunk) => t.teardown(() => void process.kill(Number(chunk.toString()), 'SIGKILL')),
    onStderr: () => {},
  });
  if ('errno' in child) throw new Error(child.message);
  await new Promise<void>((done) => child.onEnd(done));
  const before = performance.now();
  await child.closeOutput(50);
  t.ok(performance.now() - before < 30_000, 'long before the one that holds it ends');
});
