import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ALL_PASS, e2e, type Rig } from './rig.ts';

/** Has what each encoding treats in its own way. */
const CANARY = 'c4n4ry/"Tok en+&<é>\'7b1f';

/** A program that prints what `SECRET_SOURCE` names, in eight encodings, one byte at a time. */
const LEAK = `
const fs = require('node:fs');
const value = process.env[process.env.SECRET_SOURCE] ?? process.argv[2];
const b64 = (offset) => Buffer.concat([Buffer.from('xyz'.slice(0, offset)), Buffer.from(value), Buffer.from('tail')]).toString('base64');
const forms = [
  value, JSON.stringify({ k: value }), encodeURIComponent(value), Buffer.from(value).toString('hex'),
  Buffer.from(value).toString('hex').toUpperCase(), b64(0), b64(1), b64(2),
];
for (const fd of [1, 2]) for (const form of forms) for (const byte of Buffer.from(form + '\\n')) fs.writeSync(fd, Buffer.from([byte]));
`;

/** What must be found nowhere: the parts of each encoding that do not depend on what stands around it. */
function traces(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  const base64 = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  });
  const hex = bytes.toString('hex');
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    hex,
    hex.toUpperCase(),
    ...base64,
    'c4n4ry',
  ];
}

function grep(rig: Rig, text: string): readonly string[] {
  try {
    return execFileSync('grep', ['-rlaF', '--', text, rig.out], { encoding: 'utf8' }).trim().split('\n');
  } catch {
    return [];
  }
}

function check(t: Parameters<Parameters<typeof e2e>[1]>[0], rig: Rig, printed: string): void {
  for (const trace of traces(CANARY)) {
    t.strictSame(grep(rig, trace), [], `in no file: ${trace}`);
    t.notOk(printed.includes(trace), `not printed: ${trace}`);
  }
}

e2e(
  'a secret of the caller, of a role or in an argument is in no file and on no terminal, in eight encodings',
  async (t, rig) => {
    const leak = rig.nodeAgent('leak', LEAK);
    const env = { DEPLOY_TOKEN: CANARY };
    const ways = [
      ['passed on', ['--pass-env', 'DEPLOY_TOKEN', '--manager-env', 'SECRET_SOURCE=DEPLOY_TOKEN']],
      ["the role's own", ['--manager-env', `API_KEY=${CANARY}`, '--manager-env', 'SECRET_SOURCE=API_KEY']],
      [
        'named by --redact-env',
        [
          '--redact-env',
          'PLAIN_*',
          '--manager-env',
          `PLAIN_WORD=${CANARY}`,
          '--manager-env',
          'SECRET_SOURCE=PLAIN_WORD',
        ],
      ],
      ['an argument', ['--manager-arg', CANARY, '--manager-env', 'SECRET_SOURCE=none']],
    ] as const;
    for (const [name, flags] of ways) {
      const run = await rig.run(
        ['./out', '--verbose', ...ALL_PASS, '--manager-bin', leak, ...flags],
        name === 'passed on' || name === 'an argument' ? { env } : {},
      );
      t.equal(run.code, 0, `${name}: ${run.said}`);
      t.match(rig.read('out/logs/planning.1.stdout.log'), /\*\*\*/, `${name}: masked, not dropped`);
      check(t, rig, run.said);
      const printed = await Promise.all(
        ['report', 'explain', 'verify'].map(async (word) => rig.run([word, './out'])),
      );
      check(t, rig, printed.map((one) => one.said).join(''));
    }
  },
);

e2e('a secret that only the caller holds is masked although it reaches no child', async (t, rig) => {
  const run = await rig.run(
    ['./out', '--verbose', '--manager-bin', '/bin/echo', '--manager-arg', `found ${CANARY} here`],
    { env: { MY_PASSWORD: CANARY } },
  );
  t.equal(run.code, 3, run.said);
  check(t, rig, run.said);
});

e2e(
  "a secret is masked across the reviewer's next steps, artifacts' names and error messages",
  async (t, rig) => {
    const steps = JSON.stringify({
      passed: false,
      next_step_plan: [{ priority: 1, source: 'r', code: 'X', action: `use ${CANARY}` }],
    });
    rig.write(join(rig.base, 'verdict.json'), steps);
    const reviewer = rig.agent(
      'reviewer',
      `cat '${rig.base}/verdict.json' > "$ORCHESTRATOR_OUT_DIR/review.json"`,
    );
    const run = await rig.run(
      ['./out', ...ALL_PASS, '--reviewer-bin', reviewer, '--reviewer-expected-artifact', 'out/review.json'],
      { env: { MY_PASSWORD: CANARY } },
    );
    t.equal(run.code, 1, run.said);
    t.notMatch(rig.read('out/orchestrator_run_report.json'), /c4n4ry/);
    t.notMatch(rig.read('out/orchestrator_checkpoint.json'), /c4n4ry/);
    t.notMatch(rig.read('out/audit.jsonl'), /c4n4ry/);
    t.notMatch(run.said, /c4n4ry/);
  },
);

e2e(
  'a resume that needs a secret for a stage still to run is exit 2 naming it; with it the run goes on',
  async (t, rig) => {
    const executor = rig.agent(
      'executor',
      `[ "$DEPLOY_TOKEN/$OWN_TOKEN" = "passed-value/own-value" ] && [ -e '${rig.base}/go' ] || exit 1`,
    );
    const flags = [
      '--pass-env',
      'DEPLOY_TOKEN',
      '--executor-env',
      'OWN_TOKEN=own-value',
      '--manager-env',
      'MANAGER_TOKEN=done-with-it',
    ];
    const first = await rig.run(
      ['./out', ...ALL_PASS, '--manager-bin', '/bin/true', '--executor-bin', executor, ...flags],
      { env: { DEPLOY_TOKEN: 'passed-value' } },
    );
    t.equal(first.code, 1, first.said);
    t.notMatch(rig.read('out/orchestrator_checkpoint.json'), /own-value|passed-value|done-with-it/);
    rig.write(`${rig.base}/go`, '');
    const before = rig.read('out/orchestrator_checkpoint.json');
    const bare = await rig.run(['./out', '--resume']);
    t.equal(bare.code, 2, bare.said);
    t.match(bare.said, /OWN_TOKEN|DEPLOY_TOKEN/);
    t.notMatch(bare.said, /MANAGER_TOKEN/, 'a completed stage needs none');
    const half = await rig.run(['./out', '--resume', '--executor-env', 'OWN_TOKEN=own-value']);
    t.equal(half.code, 2, half.said);
    t.match(half.said, /DEPLOY_TOKEN/);
    t.equal(rig.read('out/orchestrator_checkpoint.json'), before, 'nothing written');
    const resumed = await rig.run(['./out', '--resume', '--executor-env', 'OWN_TOKEN=own-value'], {
      env: { DEPLOY_TOKEN: 'passed-value' },
    });
    t.equal(resumed.code, 0, resumed.said);
  },
);

e2e('a value too short to mask is refused when --redact-env names it', async (t, rig) => {
  const run = await rig.run([
    './out',
    '--redact-env',
    'SHORT',
    '--manager-bin',
    '/bin/true',
    '--manager-env',
    'SHORT=abc',
  ]);
  t.equal(run.code, 2, run.said);
  t.match(run.said, /SHORT/);
});
