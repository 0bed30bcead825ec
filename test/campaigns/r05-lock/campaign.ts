import type { Campaign, CampaignSettings, Skipped, Tier } from '../campaign.ts';
import { never, promised, timesOf } from '../measured.ts';
import { type Point, selectPoints, tryPoints } from '../try-points.ts';
import { faketimeLibrary, jump, offContender, offHolder, offTakeover, type Shift } from './clocks.ts';
import { contest } from './contenders.ts';
import { cycle } from './cycles.ts';
import { refuse, type Times, takeOver } from './quiet.ts';
import { reusePid } from './reused-pid.ts';
import { stopHolder } from './stopped.ts';

/** The promises, ms. */
const REFUSED_MS = 2_000;
const TAKEN_OVER_MS = 1_000;
/** Longer than the heartbeat's stale time of 10 s. */
const LONG_STOP_MS = 12_000;

const SHIFTS: readonly Shift[] = ['+1h', '-1h'];
const isRoot = process.getuid?.() === 0;

export const r05: Campaign = {
  id: 'R5',
  folder: 'r05-lock',
  promise: 'one run per out_dir, ever, and a dead holder is replaced at once',
  run: async (settings) => {
    const library = faketimeLibrary();
    const times: Times = { refusedMs: [], takenOverMs: [] };
    const pointsOf = (tier: Tier): readonly Point[] => [
      ...alone(tier, times),
      ...contests(tier),
      ...workers(tier, settings),
      ...stops(tier),
      ...(library === null ? [] : clocks(tier, library)),
      ...(isRoot ? reuses(tier) : []),
    ];
    const points = selectPoints(settings, pointsOf);
    // One at a time first: these are measured.
    const [measured, crowded] = [points.filter(isMeasured), points.filter((one) => !isMeasured(one))];
    const first = await tryPoints({ ...settings, width: 1 }, measured);
    const second = await tryPoints(settings, crowded);
    const violations = [...first.violations, ...second.violations];
    return {
      points: points.length,
      violations,
      skipped: skipped(library),
      figures: [
        never('two holders', violations.filter(({ what }) => what.startsWith('two held')).length),
        ...timesOf('refused', times.refusedMs, promised(settings.tier, REFUSED_MS)),
        ...timesOf(
          'taken over, beyond a fresh start',
          times.takenOverMs,
          promised(settings.tier, TAKEN_OVER_MS),
        ),
      ],
    };
  },
};

const MEASURED = /^alone: /;

function isMeasured(point: Point): boolean {
  return MEASURED.test(point.name);
}

function alone(tier: Tier, times: Times): readonly Point[] {
  const refused: Point = { name: 'alone: a living holder refuses', attempt: (rig) => refuse(rig, times) };
  const replaced = range(tier === 'slice' ? 1 : 5).map(
    (round): Point => ({
      name: `alone: a dead holder is replaced, ${round}`,
      attempt: (rig) => takeOver(rig, times),
    }),
  );
  return [refused, ...replaced];
}

function contests(tier: Tier): readonly Point[] {
  const contenders = { slice: 6, fast: 20, full: 40 }[tier];
  return range({ slice: 2, fast: 5, full: 25 }[tier]).map((round) => {
    const withCrash = round % 2 === 0;
    return {
      name: `${contenders} contenders${withCrash ? ' and a crash' : ''}, round ${round}`,
      attempt: (rig) => contest(rig, { contenders, withCrash }),
    };
  });
}

function workers(tier: Tier, { seed }: CampaignSettings): readonly Point[] {
  if (tier === 'slice') return [];
  const [count, each, crashes] = tier === 'fast' ? [4, 8, 15] : [8, 60, 5];
  return [
    {
      name: `${count} workers, ${each} runs each`,
      attempt: (rig) => cycle(rig, { workers: count, each, crashes, seed }),
    },
  ];
}

function stops(tier: Tier): readonly Point[] {
  const short: Point = {
    name: 'a stopped holder with an old heartbeat',
    attempt: (rig) => stopHolder(rig, null),
  };
  const long: Point = {
    name: 'a holder that is stopped for longer than its heartbeat lasts',
    attempt: (rig) => stopHolder(rig, LONG_STOP_MS),
  };
  return tier === 'full' ? [short, long] : [short];
}

function clocks(tier: Tier, library: string): readonly Point[] {
  return (tier === 'slice' ? SHIFTS.slice(0, 1) : SHIFTS).flatMap((shift) => [
    { name: `a contender ${shift} off`, attempt: (rig) => offContender(rig, library, shift) },
    { name: `a holder ${shift} off`, attempt: (rig) => offHolder(rig, library, shift) },
    { name: `a takeover ${shift} off`, attempt: (rig) => offTakeover(rig, library, shift) },
    ...(tier === 'slice' ? [] : [jumps(library, shift)]),
  ]);
}

function jumps(library: string, shift: Shift): Point {
  return { name: `a clock that jumps by ${shift}`, attempt: (rig) => jump(rig, library, shift) };
}

function reuses(tier: Tier): readonly Point[] {
  return range({ slice: 1, fast: 1, full: 5 }[tier]).flatMap((round) =>
    [false, true].map((withKernelLock) => ({
      name: `a reused process number${withKernelLock ? ', kernel lock taken' : ''}, ${round}`,
      attempt: (rig) => reusePid(rig, withKernelLock),
    })),
  );
}

function skipped(library: string | null): readonly Skipped[] {
  return [
    ...(library === null ? [{ what: 'clocks that are off', why: 'faketime is not installed' }] : []),
    ...(isRoot ? [] : [{ what: 'reused process numbers', why: 'needs root, for a pid namespace' }]),
  ];
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
