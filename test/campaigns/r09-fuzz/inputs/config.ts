import * as fc from 'fast-check';
import { type FuzzCase, PLAIN_CASE } from '../fuzz-case.ts';
import { harmlessProgram, hostileText, hostileValue } from '../hostile.ts';

/** YAML that is refused: what the format leaves out, and what has broken readers. */
const REFUSED: readonly string[] = [
  'a: &a [x]\nb: *a\n',
  `a: &a [x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((key, at) => `${key}: &${key} [${'*'.concat('abcdefgh'[at] ?? '', ',').repeat(8)}]`).join('\n')}\n`,
  'executor: &x {bin: true}\nmanager: *x\n',
  '<<: {timeout_ms: 5}\n',
  'executor:\n  <<: {bin: /bin/true}\n',
  'timeout_ms: 5\ntimeout_ms: 6\n',
  'timeout_ms: !!js/function "function(){}"\n',
  'executor: !!binary aGk=\n',
  '%YAML 1.1\n---\ntimeout_ms: 5\n',
  'timeout_ms: 5\n---\ntimeout_ms: 6\n',
  'a: b: c\n',
  '\ttimeout_ms: 5\n',
  `${'['.repeat(20_000)}`,
  `${'- '.repeat(20_000)}x\n`,
  `${'? '.repeat(5000)}x\n`,
  `x: "${'y'.repeat(1_100_000)}"\n`,
  '__proto__: {timeout_ms: 5}\n',
  'constructor: 1\n',
  'policy_status: allow\n',
  'resume: true\n',
  '- a\n- b\n',
  'just text\n',
  '"\\ud800": 1\n',
  'timeout_ms: .inf\n',
  'timeout_ms: yes\n',
  'tree_ignore: 5\n',
  'executor: {bin: /bin/true, env: {PORT: 8080}}\n',
];

const program = fc.record(
  {
    bin: harmlessProgram,
    args: fc.array(hostileText, { maxLength: 3 }),
    env: fc.dictionary(hostileText, hostileText, { maxKeys: 3 }),
    timeout_ms: fc.oneof(fc.integer({ min: -1, max: 3000 }), hostileValue),
    expected_artifacts: fc.array(hostileText, { maxLength: 2 }),
  },
  { requiredKeys: [] },
);

const FREE_KEYS: readonly string[] = [
  ...[
    'repo_root',
    'tree_ignore',
    'timeout_ms',
    'run_timeout_ms',
    'kill_grace_ms',
    'execution_max_iterations',
  ],
  ...['max_artifact_bytes', 'max_log_bytes', 'gate_max_age', 'pass_env', 'inherit_env', 'redact_env', 'x'],
  ...['allow_stale_artifacts', 'validation_from_planning_context', 'planning_context_artifact', '$schema'],
];

/** An object with keys of the format, each with any value; what is started is always harmless. */
const document = fc
  .record({
    roles: fc.dictionary(fc.constantFrom('manager', 'executor', 'reviewer'), program, { maxKeys: 2 }),
    free: fc.dictionary(fc.constantFrom(...FREE_KEYS), hostileValue, { maxKeys: 3 }),
    validation: fc.array(program, { maxLength: 2 }),
  })
  .map(({ roles, free, validation }) => ({
    ...free,
    ...roles,
    ...(validation.length > 0 ? { validation } : {}),
  }));

interface File {
  readonly name: string;
  readonly bytes: Buffer;
  readonly refused: boolean;
}

const file: fc.Arbitrary<File> = fc.oneof(
  fc.constantFrom(...REFUSED).map((content) => named('c.yaml', content, true)),
  fc
    .record({ name: fc.constantFrom('c.json', 'c.yaml', 'c.yml'), one: document })
    .map(({ name, one }) => named(name, JSON.stringify(one, null, 1), false)),
  fc
    .record({
      name: fc.constantFrom('c.json', 'c.yaml'),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }),
    })
    .map(({ name, bytes }) => ({ name, bytes: Buffer.from(bytes), refused: false })),
  fc
    .string({ unit: 'binary', maxLength: 30 })
    .map((one) => named('c.yaml', `executor: {bin: ${one}}`, false)),
);

function named(name: string, content: string, refused: boolean): File {
  return { name, bytes: Buffer.from(content), refused };
}

/** A config file of any content: for a run whose gates are closed, or to be validated or printed. */
export const configs: fc.Arbitrary<FuzzCase> = fc
  .record({ file, mode: fc.constantFrom('run', 'run', 'validate', 'print', 'dry') })
  .map(({ file: { name, bytes, refused }, mode }) => ({
    ...PLAIN_CASE,
    input: 'configs',
    argv: argvOf(mode, name),
    edits: [{ path: name, edit: { type: 'content', base64: bytes.toString('base64') } }],
    codes: refused ? [2] : mode === 'run' ? [1, 2, 3, 124] : [0, 2],
    writes: mode === 'run' && !refused ? 'work' : 'nothing',
  }));

function argvOf(mode: string, name: string): readonly string[] {
  if (mode === 'validate' || mode === 'print') return ['config', mode, name];
  const run = ['./out', '--config', name, '--executor-bin', '/bin/true'];
  return mode === 'dry' ? [...run, '--dry-run'] : run;
}
