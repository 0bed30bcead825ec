import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_PASS, until } from '../../e2e/rig.ts';
import type { NamedPoint } from '../named-points.ts';
import { CANARIES, LEAK } from './canaries.ts';
import { leakingAgents, leakingRun } from './leaking.ts';
import { call, logs, look, lookAround, options, point, type Watch } from './watch.ts';

/** A run that is stopped by a signal after its manager has printed everything. */
async function stopped(watch: Watch, signal: NodeJS.Signals, code: number | null): Promise<void> {
  const { rig } = watch;
  const argv = leakingRun(rig, leakingAgents(rig).never);
  const live = rig.start([...argv, '--kill-grace-ms', '100'], options(rig));
  const lines = 2 * LEAK.split(':seen').length - 2;
  await until('all is printed and in the logs', () => logs(rig).split(':seen').length - 1 >= lines);
  live.signal(signal);
  look(watch, await live.finished, code);
  await lookAround(watch);
  await call(watch, 2, ['./out', '--resume']);
}

/** Runs that end in each way there is, each with a secret of each kind, all of them printed by an agent. */
export const ENDINGS: readonly NamedPoint[] = [
  point('done', async (watch) => {
    const { rig } = watch;
    const argv = leakingRun(rig, leakingAgents(rig).well);
    await call(watch, 0, [...argv, '--manager-expected-artifact', 'out/plan.json']);
    await lookAround(watch);
  }),
  point('blocked', async (watch) => {
    const argv = leakingRun(watch.rig, leakingAgents(watch.rig).well);
    await call(watch, 3, [...argv, '--simulate-blocked']);
    await lookAround(watch);
  }),
  point('failed', async (watch) => {
    await call(watch, 1, leakingRun(watch.rig, leakingAgents(watch.rig).badly));
    await lookAround(watch);
  }),
  point('timeout', async (watch) => {
    const argv = leakingRun(watch.rig, leakingAgents(watch.rig).never);
    await call(watch, 124, [...argv, '--manager-timeout-ms', '3000', '--kill-grace-ms', '100']);
    // On a slow machine the limit may be over before anything is printed; then there is less to find.
    await lookAround(watch, existsSync(join(watch.rig.base, 'printed')));
  }),
  point('interrupted', async (watch) => stopped(watch, 'SIGTERM', 143)),
  point('killed', async (watch) => stopped(watch, 'SIGKILL', null)),
  point('superseded', async (watch) => {
    const agents = leakingAgents(watch.rig);
    await call(watch, 1, leakingRun(watch.rig, agents.badly));
    await call(watch, 0, leakingRun(watch.rig, agents.well));
    await lookAround(watch);
    if (readdirSync(join(watch.rig.out, 'superseded')).length === 0) watch.found.push('nothing superseded');
  }),
  point('resumed with what was rotated', async (watch) => {
    const { rig } = watch;
    const agents = leakingAgents(rig);
    await call(watch, 1, leakingRun(rig, agents.badly));
    const again = leakingRun(rig, agents.well).filter((word) => !ALL_PASS.includes(word));
    await call(watch, 0, [...again, '--resume', '--manager-arg', `more ${CANARIES.ARG_TOKEN}`]);
    await lookAround(watch);
  }),
];

/** Output that breaks off inside a secret: by the bound of the log, and by the end of the agent. */
export const CUTS: readonly NamedPoint[] = [
  point('a log that is full inside a secret', async (watch) => {
    const { rig } = watch;
    const argv = leakingRun(rig, leakingAgents(rig).well);
    for (let room = 150; room < 210; room += 7) await call(watch, 0, [...argv, '--max-log-bytes', `${room}`]);
    await lookAround(watch, false);
  }),
  point('an agent that ends inside a secret', async (watch) => {
    const { rig } = watch;
    const cut = JSON.stringify(CANARIES.DEPLOY_TOKEN.slice(0, -1));
    const agent = rig.nodeAgent('cut', `for (const fd of [1, 2]) require('node:fs').writeSync(fd, ${cut});`);
    await call(watch, 0, leakingRun(rig, agent));
    await lookAround(watch);
  }),
];
