import t from 'tap';
import type { GateReading } from '../../src/core/gates/gate-document.ts';
import { documentPasses } from '../../src/core/gates/gate-document.ts';
import type { GateQuestion } from '../../src/core/gates/gate-question.ts';
import { gateQuestionSchema } from '../../src/formats/gate-question.schema.ts';
import { readCommandGate } from '../../src/gates/command/command-gate.ts';
import type { ToolCall, ToolEnd } from '../../src/gates/run-tool.ts';
import { HEAD, QUESTION, TREE, verdictOf } from './sample-policy.ts';

const NOW = QUESTION.nowSecs;
const CI: GateQuestion = { ...QUESTION, gate: 'ci' };
const GOOD = {
  schema_version: '1.0',
  gate: 'ci',
  status: 'success',
  passed: true,
  details: [{ code: 'check_success', about: 'build', message: 'it passed', blocks: false }],
  not_evaluated: ['coverage'],
  subject: { head_sha: HEAD, run_id: 'run-1' },
  evaluated_at_unix_secs: NOW + 1,
};

interface Asked {
  readonly reading: GateReading;
  readonly call: ToolCall;
}

async function askCommand(
  output: unknown,
  end: Partial<ToolEnd> = {},
  question: GateQuestion = CI,
): Promise<Asked> {
  const calls: ToolCall[] = [];
  const text = typeof output === 'string' ? output : JSON.stringify(output);
  const reading = await readCommandGate(
    question,
    { kind: 'command', text: 'command:./gate', bin: './gate' },
    {
      timeoutMs: 5_000,
      nowSecs: () => NOW + 2,
      runTool: async (call) => {
        calls.push(call);
        return { kind: 'exited', code: 0, stdout: Buffer.from(text), stderr: Buffer.from(''), ...end };
      },
    },
  );
  const [call] = calls;
  if (call === undefined) throw new Error('nothing was started');
  return { reading, call };
}

async function verdict(...given: Parameters<typeof askCommand>): Promise<string> {
  const { reading } = await askCommand(...given);
  const { document } = reading;
  t.equal(documentPasses(document, (given[2] ?? CI).gate), document.passed);
  return verdictOf(document).join();
}

t.test('exit code 0 and a document about this question open the gate', async (t) => {
  const { reading, call } = await askCommand(GOOD);
  t.match(reading, {
    waitsFor: null,
    document: { passed: true, status: 'success', source: 'command:./gate' },
  });
  t.strictSame(reading.document.subject, CI.subject);
  t.strictSame(reading.document.not_evaluated, ['coverage']);
  t.match(call, { bin: './gate', args: [], timeoutMs: 5_000, cwd: null, env: null });
});

t.test('the question on its standard input is of the published schema', async (t) => {
  const { call } = await askCommand(GOOD);
  const question = gateQuestionSchema.parse(JSON.parse(call.stdin));
  t.match(question, { gate: 'ci', moment: 'closure', subject: CI.subject, asked_at_unix_secs: NOW });
});

t.test('any other end of the executable blocks, whatever it printed', async (t) => {
  const rows: [Partial<ToolEnd>, string][] = [
    [{ code: 1 }, 'command_failed'],
    [{ kind: 'signalled', code: null }, 'command_failed'],
    [{ kind: 'spawn-failed', code: null }, 'command_failed'],
    [{ kind: 'too-much', code: null }, 'command_failed'],
    [{ kind: 'timed-out', code: null }, 'command_timeout'],
  ];
  for (const [end, code] of rows) t.equal(await verdict(GOOD, end), code, JSON.stringify(end));
});

t.test('silence, and what is no gate document, block', async (t) => {
  t.equal(await verdict(''), 'document_missing');
  const rows: [string, unknown][] = [
    ['text', 'success'],
    ['a boolean', 'true'],
    ['an empty object', {}],
    ['two documents', `${JSON.stringify(GOOD)}${JSON.stringify(GOOD)}`],
    ['a key twice', JSON.stringify(GOOD).replace('"passed":true', '"passed":false,"passed":true')],
    ['a version that nobody knows', { ...GOOD, schema_version: '2.0' }],
    ['passed as a text', { ...GOOD, passed: 'true' }],
    ['a key that nobody knows', { ...GOOD, blocked: true }],
    ['a detail without blocks', { ...GOOD, details: [{ code: 'x', message: 'y' }] }],
    ['a commit that is none', { ...GOOD, subject: { head_sha: 'HEAD' } }],
    ['a time that is none', { ...GOOD, evaluated_at_unix_secs: 'now' }],
  ];
  for (const key of Object.keys(GOOD)) rows.push([`without ${key}`, { ...GOOD, [key]: undefined }]);
  for (const [name, document] of rows) t.equal(await verdict(document), 'document_malformed', name);
});

t.test('a document that is not about this question, or contradicts itself, blocks', async (t) => {
  const blocking = { code: 'check_failure', message: 'no', blocks: true };
  const rows: [string, unknown, string][] = [
    ['another gate', { ...GOOD, gate: 'review' }, 'gate_differs'],
    ['another commit', { ...GOOD, subject: { head_sha: 'f'.repeat(40) } }, 'subject_differs'],
    ['another tree', { ...GOOD, subject: { tree_digest: 'f'.repeat(64) } }, 'subject_differs'],
    ['another run', { ...GOOD, subject: { head_sha: HEAD, run_id: 'run-2' } }, 'subject_differs'],
    ['another base', { ...GOOD, subject: { head_sha: HEAD, base_sha: HEAD } }, 'subject_differs'],
    ['no subject', { ...GOOD, subject: {} }, 'subject_missing'],
    ['a subject of nulls', { ...GOOD, subject: { head_sha: null, tree_digest: null } }, 'subject_missing'],
    ['only the run', { ...GOOD, subject: { run_id: 'run-1' } }, 'subject_missing'],
    ['only the tree', { ...GOOD, subject: { tree_digest: TREE } }, 'passes'],
    ['a word that nobody knows', { ...GOOD, status: 'passed' }, 'status_unknown'],
    ['a word of another gate', { ...GOOD, status: 'approved' }, 'status_unknown'],
    ['failure, and passed', { ...GOOD, status: 'failure' }, 'document_contradictory'],
    ['success, and not passed', { ...GOOD, passed: false }, 'document_contradictory'],
    [
      'passed, with a detail that blocks',
      { ...GOOD, details: [blocking] },
      'check_failure,document_contradictory',
    ],
    ['failure', { ...GOOD, status: 'failure', passed: false, details: [blocking] }, 'check_failure'],
  ];
  for (const [name, document, codes] of rows) t.equal(await verdict(document), codes, name);
});

t.test('at admission nothing has been judged yet, and a document need not name what', async (t) => {
  const question: GateQuestion = { ...CI, moment: 'admission' };
  t.equal(await verdict({ ...GOOD, subject: {} }, {}, question), 'passes');
});

t.test('a document is as fresh as its question', async (t) => {
  const rows: [number, string][] = [
    [NOW, 'passes'],
    [NOW - 1, 'document_stale'],
    [NOW + 302, 'passes'],
    [NOW + 303, 'evaluated_in_future'],
  ];
  for (const [at, codes] of rows) {
    t.equal(await verdict({ ...GOOD, evaluated_at_unix_secs: at }), codes, String(at - NOW));
  }
});

t.test('only a pending ci is waited for, and only where nothing else is wrong', async (t) => {
  const pending = { ...GOOD, status: 'pending', passed: false, details: [] };
  t.equal((await askCommand(pending)).reading.waitsFor, './gate: ci pending');
  t.equal((await askCommand({ ...pending, subject: {} })).reading.waitsFor, null);
  t.equal((await askCommand({ ...pending, status: 'missing' })).reading.waitsFor, null);
  t.equal((await askCommand(GOOD, { code: 1 })).reading.waitsFor, null);
});
