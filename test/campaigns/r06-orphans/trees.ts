/** A way for a process to stay when its stage goes. */
export interface Tree {
  readonly name: string;
  /** Shell that puts it up; `N` is a sleep that no other point uses, `B` a folder of the point's own. */
  readonly script: string;
  /** How many of it are there at least. */
  readonly least: number;
}

/** A trap that is not set yet is none. */
const UNTIL_SET = 'until [ -e B/set ]; do sleep 0.01; done';

/** All ways; each is up when its script has run. */
export const TREES: readonly Tree[] = [
  { name: 'a child', script: 'sleep N &', least: 1 },
  { name: 'a child in the background of a subshell', script: '( sleep N & )', least: 1 },
  { name: 'a session of its own', script: 'setsid sleep N &', least: 1 },
  { name: 'a double fork', script: '( setsid sh -c "sleep N & exit 0" & ) &', least: 1 },
  {
    name: 'SIGTERM ignored',
    script: `setsid sh -c "trap '' TERM HUP INT; sleep N & : > B/set; wait; wait" & ${UNTIL_SET}`,
    least: 2,
  },
  { name: 'a cleared environment', script: 'env -i setsid sleep N &', least: 1 },
  {
    name: '200 forks',
    script: 'i=0; while [ $i -lt 200 ]; do setsid sleep N & i=$((i + 1)); done',
    least: 200,
  },
  {
    name: 'a fork for each SIGTERM',
    script: `sh -c "trap 'setsid sleep N &' TERM; : > B/set; while :; do sleep 0.1; : N; done" & ${UNTIL_SET}`,
    least: 1,
  },
  { name: 'a stopped child', script: 'setsid sleep N & kill -STOP $!', least: 1 },
  {
    name: 'all descriptors closed',
    script: 'env -i setsid sh -c "exec <&- >&- 2>&-; exec sleep N" &',
    least: 1,
  },
];
