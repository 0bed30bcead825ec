import type { Tier } from '../campaign.ts';

/** What the shell around the executable does to it. */
export interface Condition {
  readonly name: string;
  /** Before it is started, in a subshell. */
  readonly limit: string;
  /** Around it. */
  readonly plumbing: string;
  /** Nobody can be told anything. */
  readonly isDeaf: boolean;
  /** Tried as a user of its own: the limit does not count for root. */
  readonly asOther: boolean;
}

const PLUMBING: readonly (readonly [string, boolean])[] = [
  ['>&-', false],
  ['2>&1 | head -1', false],
  ['2>&1 | true', true],
  ['> /dev/full', false],
  ['> /dev/full 2> /dev/full', true],
  ['<&-', false],
  ['>&- 2>&-', true],
  ['<&- >&- 2>&-', true],
];

/** Every stream that is taken away. */
const STREAMS: readonly Condition[] = PLUMBING.map(([plumbing, isDeaf]) => ({
  ...{ name: plumbing, limit: ':', plumbing, isDeaf, asOther: false },
}));

function limits(flag: string, values: readonly number[]): readonly Condition[] {
  return values.map((value) => ({
    name: `ulimit ${flag} ${value}`,
    limit: `ulimit ${flag} ${value}`,
    plumbing: '',
    isDeaf: false,
    asOther: flag === '-u',
  }));
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** What is tried; `-s`, `-f` and `-v` count in KiB. */
export function conditionsOf(tier: Tier): readonly Condition[] {
  switch (tier) {
    case 'slice':
      return [...STREAMS, ...limits('-n', [24, 28]), ...limits('-f', [2]), ...limits('-u', [9])];
    case 'fast':
      return [
        ...STREAMS,
        ...limits('-n', [...range(20, 34), 40, 64]),
        ...limits('-s', [96, 256, 1024]),
        ...limits('-f', [0, 1, 2, 4, 8, 16]),
        ...limits('-u', [6, 8, 9, 10, 12, 16]),
        ...limits('-v', [1_200_000, 1_600_000, 4_000_000]),
      ];
    case 'full':
      return [
        ...STREAMS,
        ...limits('-n', [...range(3, 48), 64, 128, 256]),
        ...limits('-s', [96, 112, 128, 256, 512, 1024, 4096]),
        ...limits('-f', [...range(0, 24), 32, 64, 128]),
        ...limits('-u', [1, ...range(4, 24), 32]),
        ...limits('-v', [500_000, ...range(10, 24).map((step) => step * 100_000), 4_000_000]),
      ];
  }
}

/** Styles of output. */
export const STYLES: Readonly<Record<string, readonly string[]>> = {
  plain: [],
  verbose: ['--verbose'],
  json: ['--json'],
  quiet: ['--quiet'],
};

/** The styles that a condition is tried in; what is printed matters less under a limit. */
export function stylesFor(condition: Condition, tier: Tier): readonly string[] {
  const all = Object.keys(STYLES);
  if (tier === 'slice') return all.slice(0, condition.limit === ':' ? 2 : 1);
  return condition.limit === ':' ? all : all.slice(0, tier === 'full' ? 2 : 1);
}
