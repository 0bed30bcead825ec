/** A way to keep a stage's pipes busy. */
export interface Holder {
  readonly name: string;
  /** The agent; `N` is a sleep that no other point uses, `B` a folder of the point's own. */
  readonly script: string;
  readonly code: number;
  /** Whether it lasts until the time limit. */
  readonly isTimedOut: boolean;
  /** Whether it takes SIGKILL, after the grace period. */
  readonly ignoresTerm: boolean;
  readonly flags?: readonly string[];
  /** Somebody outside the tree, who is started before; shell. */
  readonly outsider?: string;
}

const ENDS = { code: 0, isTimedOut: false, ignoresTerm: false };
const LATE = { code: 124, isTimedOut: true, ignoresTerm: false };

export const HOLDERS: readonly Holder[] = [
  { name: 'a grandchild holds both outputs', script: 'setsid sleep N &', ...ENDS },
  {
    name: 'a grandchild holds them and ignores SIGTERM',
    script: `setsid sh -c "trap '' TERM; : > B/set; sleep N; sleep N" & until [ -e B/set ]; do sleep 0.01; done`,
    ...ENDS,
    ignoresTerm: true,
  },
  { name: 'a grandchild holds them past the limit', script: 'setsid sleep N & sleep N', ...LATE },
  {
    name: 'SIGTERM is ignored past the limit',
    script: `trap '' TERM; while :; do sleep 0.1; done`,
    ...LATE,
    ignoresTerm: true,
  },
  { name: 'an agent reads stdin', script: 'cat > B/read; [ ! -s B/read ]', ...ENDS },
  { name: 'an agent prints for ever', script: 'exec yes', ...LATE },
  { name: 'an agent prints for ever, echoed', script: 'exec yes', ...LATE, flags: ['--verbose'] },
  {
    name: 'an agent prints for ever and ignores SIGTERM',
    script: `trap '' TERM; exec yes`,
    ...LATE,
    ignoresTerm: true,
  },
  { name: 'a grandchild prints for ever', script: 'setsid yes & setsid yes >&2 &', ...ENDS },
  {
    name: 'an outsider holds stdout',
    script: 'echo $$ > B/pid; until [ -e B/held ]; do sleep 0.01; done',
    outsider:
      'until [ -s B/pid ]; do sleep 0.01; done; exec 9> /proc/$(cat B/pid)/fd/1; : > B/held; exec sleep N',
    ...ENDS,
  },
];
