import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { appendStepSummary } from '../../src/operations/step-summary.ts';

const render = () => '## report\n';

t.test('the report is appended to what is there, and makes the file where there is none', async (t) => {
  const path = join(t.testdir(), 'summary.md');
  t.equal(appendStepSummary({ path, render }), null);
  t.equal(appendStepSummary({ path, render }), null);
  t.equal(readFileSync(path, 'utf8'), '## report\n\n## report\n');
});

t.test('without the variable nothing happens', async (t) => {
  t.equal(appendStepSummary({ path: undefined, render }), null);
  t.equal(appendStepSummary({ path: '', render }), null);
});

t.test('what is no regular file is left alone, with a notice, and nothing is waited for', async (t) => {
  const folder = t.testdir({ target: 'kept' });
  mkdirSync(join(folder, 'dir'));
  symlinkSync(join(folder, 'target'), join(folder, 'link'));
  execFileSync('mkfifo', [join(folder, 'fifo')]);
  for (const name of ['dir', 'link', 'fifo', 'none/summary.md']) {
    t.match(
      appendStepSummary({ path: join(folder, name), render }),
      /^the step summary .* was not written: /,
      name,
    );
  }
  t.match(appendStepSummary({ path: '/dev/full', render }), /a device|not written/);
  t.equal(readFileSync(join(folder, 'target'), 'utf8'), 'kept');
});

t.test('the file stays below 1 MiB', async (t) => {
  const path = join(t.testdir(), 'summary.md');
  writeFileSync(path, 'x'.repeat(1024 * 1024 - 100));
  let asked = 0;
  const rendered = (maxBytes: number) => {
    asked = maxBytes;
    return 'y'.repeat(maxBytes);
  };
  t.equal(appendStepSummary({ path, render: rendered }), null);
  t.ok(asked < 100);
  t.ok(statSync(path).size < 1024 * 1024);
  t.match(appendStepSummary({ path, render: rendered }), /no room left/);
});
