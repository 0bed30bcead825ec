/** Runs that end in every way there is, each in an out_dir named after it; what the words of the result have to hold. */
import { cpSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_PASS, inParallel, type Rig, type RunOptions, until } from './rig.ts';

/** One way to end. */
export interface Ending {
  readonly name: string;
  /** How the run of it ended: its exit code. */
  readonly code: number;
  /** What `explain` has to say. */
  readonly says: readonly RegExp[];
  /** Flags of the run; a function makes what they name. */
  readonly flags: (rig: Rig, out: string) => readonly string[];
  /** What happens to it afterwards, and what the resume is given. */
  readonly after?: (rig: Rig, out: string) => readonly string[] | null;
  readonly options?: RunOptions;
}

const TRUE = ['--executor-bin', '/bin/true'] as const;
const docs = (page: string): RegExp => new RegExp(`^docs: docs/${page}`, 'm');
const resume = /^next: orchestrator \.\/[a-z-]+ --resume/m;

function gate(name: string, flags: readonly string[], code: string): Ending {
  const anchor = docs(`reason-codes.md#${code.toLowerCase()}`);
  return {
    ...{ name, code: 3, says: [new RegExp(`^blocked: .*${code}`), resume, anchor] },
    flags: () => [...flags, ...TRUE],
  };
}

function failing(name: string, reason: string, flags: Ending['flags'], more: readonly RegExp[] = []): Ending {
  const says = [new RegExp(`^failed: ${reason}: `), resume, docs(`failures.md#${reason}`), ...more];
  return { name, code: 1, says, flags };
}

/** An executor that leaves `text` where an artifact is expected. */
function artifact(rig: Rig, name: string, body: string): readonly string[] {
  const agent = rig.agent(name, body);
  return [...ALL_PASS, '--executor-bin', agent, '--executor-expected-artifact', `./made/${name}.json`];
}

const BLOCKED: readonly Ending[] = [
  gate('policy', ['--ci-status', 'success', '--review-status', 'approved'], 'GATE_POLICY_DENIED_OR_UNKNOWN'),
  gate('ci', ['--policy-status', 'allow', '--review-status', 'approved'], 'GATE_CI_NOT_SUCCESS'),
  gate('review', ['--policy-status', 'allow', '--ci-status', 'success'], 'GATE_REVIEW_NOT_APPROVED'),
  gate('simulated', [...ALL_PASS, '--simulate-blocked'], 'SIMULATED_BLOCK'),
  {
    ...gate('source', [], 'GATE_REVIEW_NOT_APPROVED'),
    flags: (rig) => [
      ...['--policy-status', 'allow', '--ci-status', 'success', ...TRUE],
      ...['--review-from', `command:${rig.agent('word', 'echo nonsense')}`],
    ],
  },
];

const FAILED: readonly Ending[] = [
  failing(
    'stage',
    'stage_failed',
    (rig) => [...ALL_PASS, '--executor-bin', rig.agent('broken', 'echo "no such model" >&2; exit 7')],
    [/execution \(executor\), attempt 1: failed, exit 7/, /^\[execution\] no such model$/m],
  ),
  failing('spawn', 'spawn_failed', () => [...ALL_PASS, '--executor-bin', './none']),
  failing('missing', 'stage_failed', (rig) => artifact(rig, 'missing', ':'), [
    /: artifact_missing/,
    docs('failures.md#stage_failed, docs/stage-statuses.md#artifact_missing'),
  ]),
  failing(
    'malformed',
    'stage_failed',
    (rig) => artifact(rig, 'malformed', 'mkdir -p made; echo "{" > made/malformed.json'),
    [/: artifact_malformed/],
  ),
  failing('budget', 'budget_unknown', (rig) => [
    ...[...ALL_PASS, '--executor-agent', 'aider', '--executor-prompt', 'x', '--executor-max-turns', '1'],
    ...['--executor-bin', rig.agent('spender', 'echo "Aider v0.86.1"')],
  ]),
];

const BROKEN_LATER: readonly Ending[] = [
  {
    ...failing('damaged', 'none', () => [...ALL_PASS, ...TRUE]),
    says: [
      /^not to be trusted: /,
      /^next: orchestrator verify \.\/damaged$/m,
      docs('failures.md#evidence_tampered'),
    ],
    code: 0,
    after: (_, out) => {
      writeFileSync(join(out, 'audit.jsonl'), '');
      return null;
    },
  },
  {
    ...failing('cut', 'none', () => [...ALL_PASS, ...TRUE]),
    says: [
      /^the checkpoint cannot be read: /,
      /^next: orchestrator verify \.\/cut$/m,
      docs('failures.md#checkpoint_unreadable'),
    ],
    code: 0,
    after: (_, out) => {
      truncateSync(join(out, 'orchestrator_checkpoint.json'), 100);
      return null;
    },
  },
];

const TIMED: readonly Ending[] = [
  ['late', '--executor-timeout-ms', 'stage_timeout'],
  ['overall', '--run-timeout-ms', 'run_timeout'],
].map(([name = '', flag = '', reason]) => ({
  ...{ name, code: 124, says: [new RegExp(`^timeout: ${reason}`), resume, docs(`failures.md#${reason}`)] },
  flags: (rig: Rig) => [...ALL_PASS, '--executor-bin', '/bin/sleep', '--executor-arg', rig.nap, flag, '700'],
}));

const DONE: Ending = {
  ...{ name: 'done', code: 0, flags: () => [...ALL_PASS, ...TRUE] },
  says: [/^done: closure-ready/, /^next: orchestrator verify \.\/done$/m],
};

/** All that end by themselves. */
export const ENDINGS: readonly Ending[] = [DONE, ...BLOCKED, ...FAILED, ...TIMED, ...BROKEN_LATER];

/** Makes every run; each is in `work/<name>`. Returns the exit code of the first invocation of each. */
export function makeEndings(rig: Rig): Promise<readonly (number | null)[]> {
  return inParallel(ENDINGS, async ({ name, flags, after, options }) => {
    const out = join(rig.work, name);
    const { code } = await rig.run([`./${name}`, ...flags(rig, out)], options);
    const again = after?.(rig, out) ?? null;
    if (again !== null) await rig.run([`./${name}`, ...again], options);
    return code;
  });
}

/** Runs that a signal ends, one that is killed, and one that goes on until `stop` is called. */
export async function makeLive(rig: Rig): Promise<{ readonly stop: () => Promise<void> }> {
  const start = async (name: string) => {
    const agent = rig.agent(name, `until [ -e '${rig.base}/go' ]; do sleep 0.02; done`);
    const live = rig.start([`./${name}`, ...ALL_PASS, '--executor-bin', agent]);
    await until(`${name} works`, () => rig.ledger().some((line) => line.endsWith(` ${name}`)));
    return live;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    const live = await start(signal.toLowerCase());
    live.signal(signal);
    await live.finished;
  }
  const killed = await start('killed');
  killed.signal('SIGKILL');
  await killed.exited;
  const running = await start('running');
  return {
    stop: async () => {
      writeFileSync(join(rig.base, 'go'), '');
      await running.finished;
    },
  };
}

/** A copy of an out_dir, in which another one can do as it likes. */
export function copyOf(rig: Rig, from: string, to: string): string {
  rmSync(join(rig.work, to), { recursive: true, force: true });
  cpSync(join(rig.work, from), join(rig.work, to), { recursive: true, verbatimSymlinks: true });
  return join(rig.work, to);
}
