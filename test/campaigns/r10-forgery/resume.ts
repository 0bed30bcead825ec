import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_PASS, type Rig, until } from '../../e2e/rig.ts';
import { type Attack, unless, unlessEnded } from './attack.ts';

const PLAN = 'out/plan.json';

/** A run whose manager has completed, and whose executor fails. */
async function failedRun(rig: Rig): Promise<readonly string[]> {
  const manager = rig.agent('manager', 'echo {} > "$ORCHESTRATOR_OUT_DIR/plan.json"');
  const flags = ['--manager-bin', manager, '--manager-arg', 'as it was', '--manager-expected-artifact', PLAN];
  return unlessEnded(await rig.run(['./out', ...ALL_PASS, ...flags, '--executor-bin', 'false']), 1);
}

interface Change {
  readonly code: number;
  readonly says: string;
  /** A file that gets one byte more, and its bytes back for the control. */
  readonly file?: (rig: Rig) => string;
  readonly flags?: readonly string[];
}

const CHANGES: Readonly<Record<string, Change>> = {
  'its binary, by one byte': { code: 1, says: 'planning', file: (rig) => join(rig.base, 'agents/manager') },
  'its artifact': { code: 1, says: 'plan.json', file: (rig) => join(rig.work, PLAN) },
  'its argument': { code: 2, says: 'manager', flags: ['--manager-arg', 'another'] },
  'the names of its environment': { code: 2, says: 'manager', flags: ['--manager-env', 'NEW=1'] },
  'the path of its binary': { code: 2, says: 'manager', flags: ['--manager-bin', '/bin/true'] },
};

const changes: readonly Attack[] = Object.entries(CHANGES).map(
  ([name, { code, says, file, flags = [] }]) => ({
    row: 4,
    name: `a completed stage is changed before a resume: ${name}`,
    control: 'the same resume with the change undone goes on to exit 0',
    attempt: async (rig) => {
      const first = await failedRun(rig);
      const mended = ['./out', '--resume', '--executor-bin', 'true'];
      const changed = file?.(rig);
      const before = changed === undefined ? '' : rig.read(changed);
      if (changed !== undefined) appendFileSync(changed, ' ');
      const run = await rig.run([...mended, ...flags]);
      if (changed !== undefined) writeFileSync(changed, before);
      const control = await rig.run(mended);
      return [...first, ...unlessEnded(run, code, says), ...unlessEnded(control, 0)];
    },
  }),
);

/** Stages that do not do what they should while every gate is asserted open. */
const FAILING: Readonly<Record<string, readonly [code: number, flags: readonly string[]]>> = {
  fails: [1, ['--executor-bin', 'false']],
  'is not there': [1, ['--executor-bin', './none']],
  'leaves no artifact': [1, ['--executor-bin', 'true', '--executor-expected-artifact', 'out/x.json']],
  'does not end': [124, ['--executor-bin', 'sleep', '--executor-timeout-ms', '200', '--executor-arg', 'NAP']],
  'is refused by the native validation': [1, ['--executor-bin', 'true', '--validation-bin', 'false']],
};

const failing: readonly Attack[] = Object.entries(FAILING).map(([name, [code, flags]]) => ({
  row: 18,
  name: `all gates are open and the stage ${name}`,
  control: 'the same gates with an executor that succeeds end with 0',
  attempt: async (rig) => {
    const args = flags.map((one) => (one === 'NAP' ? rig.nap : one));
    const run = await rig.run(['./out', ...ALL_PASS, ...args]);
    const control = await rig.run(['./control', ...ALL_PASS, '--executor-bin', 'true']);
    return [...unlessEnded(run, code), ...unlessEnded(control, 0)];
  },
}));

const killed: Attack = {
  row: 22,
  name: 'an agent kills the orchestrator, and the next resume is clean',
  control: 'the reaper that ends what a killed orchestrator leaves; the committed intent',
  attempt: async (rig) => {
    const once = join(rig.base, 'once');
    const kills = `[ -e '${once}' ] || { : > '${once}'; sleep ${rig.nap} & kill -9 $PPID; sleep ${rig.nap}; }`;
    const run = await rig.run([
      './out',
      ...ALL_PASS,
      '--manager-bin',
      'true',
      '--executor-bin',
      rig.agent('kills', kills),
    ]);
    const left = await rig.survivorsAfter(5000);
    await until('the killer has run', () => rig.exists(once));
    const resumed = await rig.run(['./out', '--resume']);
    const verified = await rig.run(['verify', './out']);
    return [
      ...unless(run.signal === 'SIGKILL', `expected SIGKILL, got exit ${run.code}`),
      ...unless(left.length === 0, `survivors: ${left.join('; ')}`),
      ...unlessEnded(resumed, 0),
      ...unlessEnded(verified, 0),
    ];
  },
};

/** Rows 4, 18 and 22: what changes between runs, and ways to exit 0 without a pass. */
export const RESUME: readonly Attack[] = [...changes, ...failing, killed];
