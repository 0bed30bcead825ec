import { readFileSync } from 'node:fs';
import t from 'tap';
import { EXIT, exitCodeOfFailure } from '../../src/core/exit-code.ts';
import { FAILURE_REASONS, failure } from '../../src/core/failure.ts';
import { REASON_CODES } from '../../src/core/gates/gate.ts';
import { EXECUTION_STATUSES } from '../../src/core/records.ts';

/** The sections of a page, by heading. */
function sections(page: string): ReadonlyMap<string, string> {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
  const parts = text.split(/^## /m).slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')), part]));
}

t.test('every failure reason has a section, with its exit code and what to do', async (t) => {
  const found = sections('failures.md');
  t.strictSame([...found.keys()], [...FAILURE_REASONS]);
  for (const reason of FAILURE_REASONS) {
    const section = found.get(reason) ?? '';
    const code = exitCodeOfFailure(failure(reason, 'x'));
    t.match(section, new RegExp(`^\\*\\*Exit (\\d+, )?${code}\\b`, 'm'), reason);
    t.match(section, '**Do:**', reason);
  }
});

t.test('every reason code has a section: cause, evidence, what to do', async (t) => {
  const found = sections('reason-codes.md');
  t.strictSame([...found.keys()], Object.values(REASON_CODES));
  for (const [code, section] of found) {
    for (const part of ['**Cause:**', '**Evidence:**', '**Do:**']) t.match(section, part, code);
  }
});

t.test('every stage status has a section: cause, evidence, what to do', async (t) => {
  const found = sections('stage-statuses.md');
  t.strictSame([...found.keys()], [...EXECUTION_STATUSES]);
  for (const [status, section] of found) {
    for (const part of ['**Cause:**', '**Evidence:**', '**Do:**']) t.match(section, part, status);
  }
});

t.test('the exit codes of verify are those of the table', async (t) => {
  const section = [...sections('report.md')].find(([heading]) => heading.includes('verify'))?.[1] ?? '';
  t.match(
    section,
    `**Exit ${EXIT.done}** closure-ready, **${EXIT.blocked}** blocked, **${EXIT.failed}** anything else`,
  );
});
