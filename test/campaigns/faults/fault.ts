/** What the shim can do at an operation; see `../shim/shim.c`. */
export const DEEDS = [
  ...(['kill-before', 'kill-after', 'torn', 'short', 'eio', 'erofs'] as const),
  ...(['enospc-once', 'enospc-forever', 'full-partial', 'stop-before', 'stop-after'] as const),
] as const;

export type Deed = (typeof DEEDS)[number];

/** One file operation of a run, named so that it is the same one in every run of its kind. */
export interface Operation {
  /** `rename`, `write`, … as the shim names it. */
  readonly op: string;
  /** A glob over the path below the work folder; `*` stands for what is random in it. */
  readonly path: string;
  /** Which of the operations of that name and path; from 1. */
  readonly nth: number;
}

export interface Fault extends Operation {
  readonly deed: Deed;
}

/** `kill-before rename out/orchestrator_checkpoint.json 3`. */
export function formatFault({ deed, op, path, nth }: Fault): string {
  return `${deed} ${op} ${path} ${nth}`;
}

/** The reverse of `formatFault`; throws at anything else. */
export function parseFault(text: string): Fault {
  const [deedName, op, path, nth, ...rest] = text.trim().split(' ');
  const deed = DEEDS.find((one) => one === deedName);
  if (deed === undefined || op === undefined || path === undefined || !/^[1-9]\d*$/.test(nth ?? '')) {
    throw new Error(`expected "<deed> <operation> <path> <n>", got "${text}"`);
  }
  if (rest.length > 0)
    throw new Error(`expected nothing after "${deed} ${op} ${path} ${nth}", got "${rest.join(' ')}"`);
  return { deed, op, path, nth: Number(nth) };
}

/** One point: a kind of run, and the faults of its invocations, one after the other. */
export interface Point {
  readonly scenario: string;
  readonly faults: readonly Fault[];
}

/** `plain: kill-before … + kill-after …`. */
export function formatPoint({ scenario, faults }: Point): string {
  return `${scenario}: ${faults.map(formatFault).join(' + ')}`;
}

/** The reverse of `formatPoint`; throws at anything else. */
export function parsePoint(text: string): Point {
  const [scenario = '', faults = ''] = text.split(': ');
  return { scenario, faults: faults.split(' + ').map(parseFault) };
}
