import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import t from 'tap';
import { ask } from './asking.ts';

const SERVE = join(import.meta.dirname, 'serve.ts');

t.test('a forge that is started by itself prints both base URLs and runs until a signal', async (t) => {
  const child = spawn(process.execPath, [SERVE, '--scenario', 'gitlab-ci-passes'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  t.teardown(() => child.kill('SIGKILL'));
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (lines.length === 2) break;
  }
  t.match(lines, [
    /^github http:\/\/127\.0\.0\.1:\d+\/api\/v3$/,
    /^gitlab http:\/\/127\.0\.0\.1:\d+\/api\/v4$/,
  ]);
  const gitlab = lines[1]?.split(' ')[1] ?? '';
  t.equal((await ask(`${gitlab}/projects/acme%2Fshop/merge_requests/7`)).status, 200);
  child.kill('SIGTERM');
  t.strictSame((await ended)[0], 0);
});

t.test('a scenario that is not there is named with those that are', async (t) => {
  const child = spawn(process.execPath, [SERVE, '--scenario', 'nothing'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [code] = await once(child, 'close');
  t.equal(code, 1);
  t.match(said, /there is no nothing; there are .*github-ci-passes/);
});
