import { execFileSync } from 'node:child_process';
import t from 'tap';
import { FAILURE_REASONS, failure } from '../../src/core/failure.ts';
import { REASON_CODES } from '../../src/core/gates/gate.ts';
import { commandLine } from '../../src/render/evidence-place.ts';
import { nextCommand, nextCommands } from '../../src/render/next-command.ts';
import { shellWord } from '../../src/render/shell-word.ts';

const place = { outDir: './out', checkpointPath: null };
const ended = { failure: null, blocked_reason_codes: [] };

t.test(
  'a blocked run names the flag of every gate that is closed, and says when it may be given',
  async (t) => {
    const codes = [REASON_CODES.ci, REASON_CODES.review];
    const next = nextCommand({ ...ended, terminal_state: 'blocked', blocked_reason_codes: codes }, place);
    t.equal(next.command, 'orchestrator ./out --resume --ci-status success --review-status approved');
    t.equal(next.when, 'only when ci really is success and review really is approved');
  },
);

t.test('a changed work tree is validated again, whatever else is closed', async (t) => {
  const codes = [REASON_CODES.review, REASON_CODES.worktree];
  const all = nextCommands({ ...ended, terminal_state: 'blocked', blocked_reason_codes: codes }, place);
  t.strictSame(
    all.map((one) => one.command),
    ['orchestrator ./out --resume --rerun-from validation', 'orchestrator ./out --resume'],
  );
});

t.test('a simulated block needs nothing but a resume', async (t) => {
  const codes = [REASON_CODES.simulated];
  const next = nextCommand({ ...ended, terminal_state: 'blocked', blocked_reason_codes: codes }, place);
  t.equal(next.command, 'orchestrator ./out --resume');
  t.match(next.when, /--simulate-blocked/);
});

t.test('a changed binary is run again before it is accepted', async (t) => {
  const why = failure('binary_changed', 'the executor changed', { stage: 'execution' });
  const all = nextCommands({ terminal_state: 'failed', failure: why, blocked_reason_codes: [] }, place);
  t.strictSame(
    all.map((one) => one.command),
    [
      'orchestrator ./out --resume --rerun-from execution',
      'orchestrator ./out --resume --accept-changed-binary execution',
    ],
  );
});

t.test('evidence that was tampered with is never resumed', async (t) => {
  for (const reason of ['evidence_tampered', 'checkpoint_unreadable'] as const) {
    const next = nextCommand({ ...ended, terminal_state: null, failure: failure(reason, 'x') }, place);
    t.equal(next.command, 'orchestrator verify ./out', reason);
  }
});

t.test('done needs no command', async (t) => {
  const next = nextCommand({ ...ended, terminal_state: 'done' }, place);
  t.equal(next.command, null);
  t.match(next.when, /^nothing: done/);
});

t.test('every failure has a command and its condition', async (t) => {
  for (const reason of FAILURE_REASONS) {
    const all = nextCommands(
      { ...ended, terminal_state: 'failed', failure: failure(reason, 'x', { stage: 'execution' }) },
      place,
    );
    t.ok(all.length > 0, reason);
    for (const one of all)
      t.ok(/^orchestrator (verify )?\.\/out/.test(one.command ?? '') && one.when.length > 10, reason);
  }
  t.match(nextCommand({ ...ended, terminal_state: null }, place).command, /--resume$/);
});

t.test('the checkpoint path is repeated where it was given, and paths are quoted', async (t) => {
  const odd = { outDir: "it's here", checkpointPath: '/tmp/a b.json' };
  t.equal(
    commandLine(odd, ['--resume']),
    "orchestrator './it'\\''s here' --resume --checkpoint-path '/tmp/a b.json'",
  );
  t.equal(
    commandLine({ outDir: 'report', checkpointPath: null }, [], 'verify'),
    'orchestrator verify ./report',
  );
  t.equal(commandLine({ outDir: '--x', checkpointPath: null }, []), 'orchestrator ./--x');
});

t.test('a shell reads a word back exactly as it was, and the line is harmless', async (t) => {
  const words = [
    'plain',
    '',
    'a b',
    "'",
    '$HOME `x` "y" \\z',
    'line\nbreak\x1b[31m9',
    'ü\u202e1',
    '-n',
    '*?[!',
    '##[group]',
    '##vso[task.setvariable]',
    'a#b',
  ];
  for (const word of words) {
    const typed = shellWord(word);
    t.notMatch(typed, /[\u0000-\u001f\u202e]|##[a-z]*\[/);
    const read = execFileSync('bash', ['-c', `printf '%s|' ${typed}`], { encoding: 'utf8' });
    t.equal(read, `${word}|`);
  }
});
