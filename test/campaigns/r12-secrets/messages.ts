import { mkdirSync } from 'node:fs';
import { ALL_PASS } from '../../e2e/rig.ts';
import type { NamedPoint } from '../named-points.ts';
import { CANARIES } from './canaries.ts';
import { leakingAgents, leakingRun } from './leaking.ts';
import { scanFolder } from './scan.ts';
import { call, lookAround, point } from './watch.ts';

/** Flags that take no such value; what is refused is often what was put in the wrong place. */
const REFUSED_FLAGS: readonly (readonly [string, ...string[]])[] = [
  ['--policy-status'],
  ['--timeout-ms'],
  ['--executor-env'],
  ['--gate-max-age'],
  ['--repo-root'],
  ['--rerun-from', '--resume'],
];

/** Ways for a text of the caller or of an agent into a message. */
export const MESSAGES: readonly NamedPoint[] = [
  point("the reviewer's next steps", async (watch) => {
    const { rig } = watch;
    const { reviewer, well } = leakingAgents(rig);
    const flags = ['--reviewer-bin', reviewer, '--reviewer-expected-artifact', 'out/review.json'];
    await call(watch, 1, [...leakingRun(rig, well), ...flags]);
    // The reviewer's own file, and its copy, are the agent's words: they are kept as they are.
    const own = (path: string): boolean => path.endsWith('/review.json') || path.includes('/artifacts/');
    watch.found.push(...scanFolder(rig.out, own));
  }),
  point('an artifact that is malformed', async (watch) => {
    const { rig } = watch;
    const file = JSON.stringify(`{"${CANARIES.MY_PASSWORD}"`);
    const agent = rig.nodeAgent(
      'malformed',
      `require('node:fs').writeFileSync(process.env.ORCHESTRATOR_OUT_DIR + '/x.json', ${file})`,
    );
    await call(watch, 1, [...leakingRun(rig, agent), '--manager-expected-artifact', 'out/x.json']);
    watch.found.push(...scanFolder(rig.out, (path) => path.endsWith('/x.json')));
  }),
  point('a run that is only planned', async (watch) => {
    for (const flags of [
      ['--dry-run'],
      ['--print-config'],
      ['--print-config', '--json'],
      ['--dry-run', '--json'],
    ]) {
      await call(watch, 0, [
        ...leakingRun(watch.rig, '/bin/true').filter((one) => one !== '--verbose'),
        ...flags,
      ]);
    }
  }),
  point('a run that prints JSON', async (watch) => {
    const { rig } = watch;
    const argv = leakingRun(rig, leakingAgents(rig).well).filter((word) => word !== '--verbose');
    await call(watch, 0, [...argv, '--json']);
    await lookAround(watch);
  }),
  ...REFUSED_FLAGS.map(([flag, ...more]) =>
    point(`a refused value of ${flag}`, async (watch) => {
      const { rig } = watch;
      mkdirSync(rig.out);
      const argv = leakingRun(rig, '/bin/true').filter((word) => !ALL_PASS.includes(word));
      await call(watch, 2, [...argv, flag, CANARIES.ARG_TOKEN, ...more]);
      await call(watch, 2, [...argv, flag, `${'x'.repeat(40)}${CANARIES.ARG_TOKEN}`, ...more]);
      watch.found.push(...scanFolder(rig.out));
    }),
  ),
];
