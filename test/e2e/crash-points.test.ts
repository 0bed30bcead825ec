/**
 * SIGKILL at random moments of a run with real stages, then `--resume`. The default suite does a slice;
 * `E2E_KILLS=50` does the campaign, `E2E_SEED=n` repeats one.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { chanceOf } from '../campaigns/chance.ts';
import { ALL_PASS, e2e, type Rig } from './rig.ts';

const KILLS = Number(process.env.E2E_KILLS ?? '14');
const SEED = Number(process.env.E2E_SEED ?? Date.now() % 1_000_000);

const ROLES = ['manager', 'executor', 'reviewer'] as const;

/** Three agents that leave an artifact each, with names of their own for this round. */
function flags(rig: Rig, round: number): readonly string[] {
  const roles = ROLES.flatMap((role) => {
    const body = `sleep 0.03; echo '{"passed":true}' > "$ORCHESTRATOR_OUT_DIR/${role}.json"`;
    return [
      `--${role}-bin`,
      rig.agent(`${role}-${round}`, body),
      `--${role}-expected-artifact`,
      `out${round}/${role}.json`,
    ];
  });
  return [
    `./out${round}`,
    ...ALL_PASS,
    '--kill-grace-ms',
    '200',
    ...roles,
    '--validation-bin',
    rig.agent(`check-${round}`),
  ];
}

/** The stages that the checkpoint says have succeeded, or null where there is none yet. */
function recorded(outDir: string): { readonly text: string; readonly succeeded: readonly string[] } | null {
  const file = join(outDir, 'orchestrator_checkpoint.json');
  if (!existsSync(file)) return null;
  const text = readFileSync(file, 'utf8');
  const run: { stage_executions: readonly { step: string; status: string }[] } = JSON.parse(text).run;
  return {
    text,
    succeeded: run.stage_executions.filter((one) => one.status === 'success').map((one) => one.step),
  };
}

e2e(
  `a run that is killed at any moment loses nothing that was recorded and repeats nothing of it (seed ${SEED})`,
  async (t, rig) => {
    rig.gitRepo();
    const plain = await rig.run(flags(rig, 9999));
    t.equal(plain.code, 0, plain.said);
    const chance = chanceOf(SEED);
    const moments = Array.from(
      { length: KILLS },
      (_, index) => ((index + chance()) / KILLS) * plain.ms * 1.15,
    );
    for (const [round, moment] of moments.entries()) await oneKill(t, rig, { round, moment });
    t.strictSame(await rig.survivorsAfter(3000), []);
  },
);

async function oneKill(
  t: Test,
  rig: Rig,
  { round, moment }: { round: number; moment: number },
): Promise<void> {
  const name = `E2E_SEED=${SEED} round ${round}, killed after ${moment.toFixed(1)} ms`;
  const out = join(rig.work, `out${round}`);
  const args = flags(rig, round);
  const live = rig.start(args);
  await Promise.race([live.exited, new Promise((done) => setTimeout(done, moment))]);
  live.signal('SIGKILL');
  await live.exited;
  const before = recorded(out);
  const starts = (role: string): number =>
    rig.ledger().filter((line) => line.startsWith('start') && line.endsWith(` ${role}-${round}`)).length;
  const startsBefore = Object.fromEntries(ROLES.map((role) => [role, starts(role)]));
  const resumed = await rig.run(before === null ? args : [`./out${round}`, '--resume']);
  t.equal(resumed.code, 0, `${name}: ${resumed.said}`);
  const report = rig.report(out);
  t.equal(report.terminal_state, 'done', name);
  for (const role of before?.succeeded ?? []) {
    const step = ROLES.find((one) => one === role && one !== 'reviewer');
    if (step !== undefined)
      t.equal(starts(step), startsBefore[step], `${name}: ${step} was recorded and ran again`);
  }
  for (const role of ROLES) t.ok(starts(role) <= 2, `${name}: ${role} started ${starts(role)} times`);
  const files = readdirSync(out, { recursive: true, encoding: 'utf8' });
  t.strictSame(
    files.filter((file) => /\.tmp$|\.tmp-|~$/.test(file)),
    [],
    `${name}: left over`,
  );
  t.equal((await rig.run(['verify', `./out${round}`])).code, 0, `${name}: verify`);
}
