import t from 'tap';
import {
  judgeEnd,
  judgeStart,
  judgeWrite,
  type ProbeEnd,
  type ProbeFacts,
} from '../../../src/core/doctor/judge-stage.ts';

const FACTS: ProbeFacts = {
  stage: 'executor',
  command: 'agent --version',
  end: { kind: 'exited', code: 0 },
  lastLine: null,
  durationMs: 40,
  limitMs: 10_000,
  graceMs: 5_000,
  where: 'in its sandbox',
};
const probe = (end: ProbeEnd): ProbeFacts => ({ ...FACTS, end });
const stopped = (more: Partial<Extract<ProbeEnd, { kind: 'stopped' }>> = {}): ProbeFacts =>
  probe({ kind: 'stopped', code: null, signal: 'SIGTERM', tookMs: 3, survivors: 0, ...more });

t.test('a start is judged by its end', async (t) => {
  const rows: readonly (readonly [ProbeEnd, string, RegExp])[] = [
    [{ kind: 'exited', code: 0 }, 'ok', /exit 0 after 40 ms, in its sandbox/],
    [{ kind: 'exited', code: 7 }, 'warning', /exit 7/],
    [{ kind: 'signalled', signal: 'SIGSEGV' }, 'problem', /SIGSEGV/],
    [{ kind: 'not-started', message: 'no such file' }, 'problem', /no such file/],
    [stopped().end, 'warning', /still running after 10000 ms/],
  ];
  for (const [end, severity, seen] of rows) t.match(judgeStart(probe(end)), { severity, seen });
});

t.test('what SIGTERM did is told as it was seen, and what was not seen is said so', async (t) => {
  t.match(judgeEnd(FACTS, FACTS), [{ severity: 'ok', means: /not seen/ }]);
  t.match(judgeEnd(FACTS, stopped()), [{ severity: 'ok', seen: /ended by SIGTERM within 3 ms/ }]);
  t.match(
    judgeEnd(FACTS, stopped({ code: 0, signal: null })),
    [{ severity: 'ok', means: /not seen/ }],
    'what exits as it did before says nothing of SIGTERM',
  );
  t.match(judgeEnd(FACTS, stopped({ code: 143, signal: null })), [
    { severity: 'ok', seen: /ended by exit 143/ },
  ]);
  t.match(judgeEnd(stopped({ code: 0, signal: null }), null), [{ severity: 'ok', seen: /exit 0/ }]);
  t.match(judgeEnd(stopped({ signal: 'SIGKILL', tookMs: 5_001 }), null), [{ severity: 'warning' }]);
  t.match(
    judgeEnd(stopped({ tookMs: 5_000 }), null),
    [{ severity: 'warning', fix: /--kill-grace-ms/ }],
    'a child of it that needed SIGKILL counts, too',
  );
  t.match(judgeEnd(stopped({ survivors: 2 }), null), [{ severity: 'problem', seen: /2 of its processes/ }]);
  t.strictSame(judgeEnd(probe({ kind: 'not-started', message: '' }), null), []);
});

t.test('a place that a stage cannot write is a problem, one that was not seen a warning', async (t) => {
  const facts = { stage: 'executor', what: '/o/a.json', path: '/o', where: 'as your user' };
  t.match(judgeWrite({ ...facts, writable: true }), { severity: 'ok' });
  t.match(judgeWrite({ ...facts, writable: false }), { severity: 'problem', fix: /--sandbox-write/ });
  t.match(judgeWrite({ ...facts, writable: { unknown: 'no shell' } }), {
    severity: 'warning',
    seen: /no shell/,
  });
});
