import { existsSync } from 'node:fs';
import { ALL_PASS, type Rig } from '../../e2e/rig.ts';
import type { Campaign, Skipped, Tier } from '../campaign.ts';
import { never } from '../measured.ts';
import { seen } from '../seen.ts';
import { type Point, selectPoints, tryPoints } from '../try-points.ts';
import { type Condition, conditionsOf, STYLES, stylesFor } from './conditions.ts';
import { type LimitedRun, limitedRun, runtimeStarts } from './limited-run.ts';

/** The codes that a run may end with here. */
const DOCUMENTED = new Set([0, 1, 2]);
const FIRST_UID = 61_000;

/** Prints, and lasts until the guards of the lock are up, which bring more code along; not for ever. */
const TALKER = `#!/bin/sh
ls /
i=0
while [ $i -lt 100 ] && ! [ -e "$ORCHESTRATOR_OUT_DIR/.lock/heartbeat" ]; do i=$((i + 1)); sleep 0.02; done
`;

export const r13: Campaign = {
  id: 'R13',
  folder: 'r13-streams',
  promise: 'streams that are closed or full and limits that are tight end no run without a word',
  run: async (settings) => {
    const notOurs: string[] = [];
    let hung = 0;
    const onHang = (): void => {
      hung += 1;
    };
    const pointsOf = (tier: Tier): readonly Point[] =>
      possible(tier).flatMap((condition, index) =>
        stylesFor(condition, tier).map((style, place) => ({
          name: `${condition.name}, ${style}`,
          attempt: (rig) =>
            tryCondition(rig, { condition, style, uid: FIRST_UID + index * 4 + place, notOurs, onHang }),
        })),
      );
    const tried = await tryPoints(settings, selectPoints(settings, pointsOf));
    return {
      ...tried,
      points: tried.points - notOurs.length,
      figures: [never('hangs', hung)],
      skipped: [...cannotLimit(settings.tier), ...runtimeSkips(notOurs)],
    };
  },
};

const isRoot = process.getuid?.() === 0 && existsSync('/usr/bin/setpriv');

function possible(tier: Tier): readonly Condition[] {
  return conditionsOf(tier).filter((condition) => isRoot || !condition.asOther);
}

function cannotLimit(tier: Tier): readonly Skipped[] {
  const missing = conditionsOf(tier).length - possible(tier).length;
  return missing === 0
    ? []
    : [{ what: `${missing} limits of processes`, why: 'needs root and setpriv, to be another user' }];
}

/** One line for each limit, from its lowest value to its highest. */
function runtimeSkips(notOurs: readonly string[]): readonly Skipped[] {
  const limits = new Set(notOurs.map((name) => name.replace(/ \d+$/, '')));
  return [...limits].map((limit) => {
    const values = notOurs
      .filter((name) => name.startsWith(`${limit} `))
      .map((name) => Number(name.split(' ').at(-1)));
    const count = new Set(values).size;
    return {
      what: `${limit} ${Math.min(...values)} to ${Math.max(...values)} (${count})`,
      why: 'the runtime itself does not start: --version fails as well',
    };
  });
}

interface Trial {
  readonly condition: Condition;
  readonly style: string;
  readonly uid: number;
  readonly notOurs: string[];
  readonly onHang: () => void;
}

async function tryCondition(rig: Rig, trial: Trial): Promise<readonly string[]> {
  const { condition, uid } = trial;
  const talker = rig.write(`${rig.base}/talker`, TALKER, 0o755);
  const stages = ['--manager-bin', talker, '--executor-bin', '/bin/true'];
  const args = ['./out', ...ALL_PASS, ...stages, ...(STYLES[trial.style] ?? [])];
  if (!(await runtimeStarts(rig, condition, uid))) {
    trial.notOurs.push(condition.name);
    return [];
  }
  const limited = await limitedRun(rig, condition, { args, uid });
  if (limited.run.hung) trial.onHang();
  return problemsOf(rig, condition, limited);
}

async function problemsOf(rig: Rig, condition: Condition, limited: LimitedRun): Promise<readonly string[]> {
  const { code, run } = limited;
  if (run.hung) return [seen(run)];
  const problems: string[] = [];
  if (code === null || !DOCUMENTED.has(code)) problems.push(`undocumented code ${code}: ${seen(run)}`);
  if (/\n {4}at |internal error/.test(run.said)) problems.push(`no clean line: ${seen(run)}`);
  if (run.stderr.trim().split('\n').length > 1 && code !== 0)
    problems.push(`several lines on stderr: ${seen(run)}`);
  if (code !== 0 && !condition.isDeaf && run.said.trim() === '') problems.push(`code ${code} without a word`);
  return [...problems, ...(code === 0 ? await notDone(rig) : await notGoingOn(rig))];
}

/** After exit 0. */
async function notDone(rig: Rig): Promise<readonly string[]> {
  const state = rig.report().terminal_state;
  const verified = await rig.run(['verify', './out']);
  return [
    ...(state === 'done' ? [] : [`exit 0, and the report says ${state}`]),
    ...(verified.code === 0 ? [] : [`exit 0, and verify says: ${seen(verified)}`]),
  ];
}

/** After any other code: nothing says done, and without the limit the run completes. */
async function notGoingOn(rig: Rig): Promise<readonly string[]> {
  const verified = await rig.run(['verify', './out']);
  const early = verified.code === 0 ? ['verify says done of a run that did not end so'] : [];
  const begun = rig.exists('out/orchestrator_checkpoint.json');
  const args = begun ? ['./out', '--resume'] : ['./out', ...ALL_PASS, '--manager-bin', '/bin/true'];
  const next = await rig.run(args);
  return next.code === 0 ? early : [...early, `without the limit it does not complete: ${seen(next)}`];
}
