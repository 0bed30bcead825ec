/** Evidence that is whole by every digest, and of which the audit log tells another course than the checkpoint. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { blockedToDone, type Forgery, forge, type Json } from './forge.ts';
import { ALL_PASS, e2e, inParallel, type Rig } from './rig.ts';

const BLOCKED = ['--policy-status', 'allow', '--ci-status', 'success'];

const as = <Value>(value: unknown): Value => value as Value;

/** Changes in place what a run or a report holds. */
function edited(change: (one: Json) => void): Forgery {
  const both = (document: Json): Json => {
    const copy: Json = structuredClone(document);
    change(copy);
    return copy;
  };
  return { run: both, report: both };
}

function decisions(document: Json, change: (decision: Json) => void): void {
  const state = as<{ decisions?: Json[] }>(document.state ?? {});
  for (const one of [...as<Json[]>(document.gate_decisions), ...(state.decisions ?? [])]) change(one);
}

const execution = (document: Json) =>
  as<Json[]>(document.stage_executions).find((one) => one.step === 'executor') ?? {};

function copy(rig: Rig, from: string, name: string): string {
  cpSync(join(rig.work, from), join(rig.work, name), { recursive: true, verbatimSymlinks: true });
  return join(rig.work, name);
}

e2e('a done that the audit log does not tell of is no done', async (t, rig) => {
  t.equal((await rig.run(['./good', ...BLOCKED, '--executor-bin', '/bin/true'])).code, 3);
  forge(copy(rig, 'good', 'whole'), blockedToDone());
  t.equal(
    (await rig.run(['verify', './whole'])).code,
    0,
    'control: with the log forged as well it is believed',
  );
  forge(copy(rig, 'good', 'forged'), { ...blockedToDone(), records: (all) => all });
  const verified = await rig.run(['verify', './forged']);
  t.equal(verified.code, 1);
  t.match(verified.stdout, /FAILED +audit log .*says done, and the last record is run-ended "blocked"/);
  for (const command of ['report', 'explain', './forged'])
    t.equal((await rig.run(command === './forged' ? [command, '--resume'] : [command, './forged'])).code, 1);
});

e2e('what a done says of its gates and attempts is what the audit log says', async (t, rig) => {
  await rig.run(['./good', ...ALL_PASS, '--executor-bin', '/bin/true']);
  const forgeries: Readonly<Record<string, Forgery>> = {
    'another source of a gate': edited((one) =>
      decisions(one, (decision) => {
        if (decision.gate === 'review') decision.source = 'github:acme/shop';
      }),
    ),
    'another time of a gate': edited((one) =>
      decisions(one, (decision) => {
        decision.asserted_at_unix_secs = 1_700_000_000;
      }),
    ),
    'another duration': edited((one) => {
      execution(one).duration_ms = 99_999;
    }),
    'another binary': edited((one) => {
      as<Json>(execution(one).binary).sha256 = 'a'.repeat(64);
    }),
  };
  await inParallel(Object.entries(forgeries), async ([name, forgery]) => {
    const out = `./${name.replaceAll(' ', '-')}`;
    forge(copy(rig, 'good', out), forgery);
    const verified = await rig.run(['verify', out]);
    t.equal(verified.code, 1, name);
    t.match(verified.stdout, /FAILED +audit log/, name);
    t.equal((await rig.run([out, '--resume'])).code, 1, name);
  });
  t.equal((await rig.run(['verify', './good'])).code, 0);
});

e2e('a resume does not go on with what the audit log does not tell of', async (t, rig) => {
  const bad = rig.agent('bad', 'exit 1');
  await rig.run(['./blocked', ...BLOCKED, '--executor-bin', '/bin/true']);
  await rig.run(['./failed', ...ALL_PASS, '--executor-bin', bad]);
  const approval = { gate: 'review', status: 'approved', source: 'operator' };
  const now = Math.floor(Date.now() / 1000);
  forge(copy(rig, 'blocked', 'approved'), {
    run: (run) => ({
      ...run,
      assertions: [
        ...as<Json[]>(run.assertions),
        { ...approval, asserted_at_unix_secs: now, decided_tree: null },
      ],
    }),
  });
  forge(copy(rig, 'failed', 'passed'), {
    run: (run) => {
      const changed: Json = structuredClone(run);
      Object.assign(execution(changed), { status: 'success', exit_code: 0, error: null });
      return changed;
    },
  });
  const approved = await rig.run(['./approved', '--resume']);
  t.equal(approved.code, 1, approved.said);
  t.match(approved.said, 'did not begin with the assertions that the checkpoint has');
  const passed = await rig.run(['./passed', '--resume']);
  t.equal(passed.code, 1, passed.said);
  t.match(passed.said, 'it does not tell of execution executor, attempt 1, what the checkpoint does');
});

e2e('the log is held to its last word, not to all it ever said', async (t, rig) => {
  rig.gitRepo();
  const out = `${rig.base}/out`;
  const agent = rig.agent('agent', 'echo "$RANDOM" >> a.txt');
  const check = rig.agent('check', 'if [ -e refuse ]; then exit 1; fi');
  const bins = ['--executor-bin', agent, '--validation-bin', check];
  t.equal((await rig.run([out, ...BLOCKED, ...bins])).code, 3);
  const first = rig.checkpoint(out);
  rig.write('refuse', '');
  const refused = await rig.run([out, '--resume', '--rerun-from', 'execution']);
  t.equal(refused.code, 1, refused.said);
  const copyTo = (name: string): string => {
    cpSync(out, `${rig.base}/${name}`, { recursive: true, verbatimSymlinks: true });
    return `${rig.base}/${name}`;
  };
  const older = as<Json>(first.run);
  const forgeries: Readonly<Record<string, Forgery>> = {
    'an earlier state with the later head': { run: () => older },
    'a configuration without what refused': {
      run: (run) => ({ ...older, config: { ...as<Json>(run.config), validation: [] } }),
    },
    'the attempt that refused left out': {
      run: (run) => ({ ...run, state: older.state, stage_executions: older.stage_executions }),
    },
  };
  for (const [name, forgery] of Object.entries(forgeries)) {
    const forged = copyTo(name.replaceAll(' ', '-'));
    forge(forged, forgery);
    const run = await rig.run([forged, '--resume', '--review-status', 'approved']);
    t.equal(run.code, 1, `${name}: ${run.said}`);
    t.match(run.said, 'the audit log: ', name);
    t.equal((await rig.run(['verify', forged])).code, 1, name);
  }
});

e2e('a word that was taken back does not come back', async (t, rig) => {
  await rig.run(['./out', '--policy-status', 'allow', '--executor-bin', '/bin/true']);
  const allowed = as<Json>(rig.checkpoint().run);
  await rig.run(['./out', '--resume', '--policy-status', 'deny']);
  forge(rig.out, { run: (run) => ({ ...run, assertions: allowed.assertions }) });
  const rest = ['--ci-status', 'success', '--review-status', 'approved'];
  const run = await rig.run(['./out', '--resume', ...rest]);
  t.equal(run.code, 1, run.said);
  t.match(run.said, 'did not begin with the assertions');
});
