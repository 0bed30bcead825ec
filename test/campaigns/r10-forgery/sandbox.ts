import type { NotTried } from './attack.ts';

/** Rows whose defence is not part of what is tried here. */
export const NOT_TRIED: readonly NotTried[] = [
  {
    row: 2,
    name: 'all of the evidence forged anew, with every digest',
    why: 'needs evidence signed by a key',
  },
  { row: 13, name: "an agent reads the orchestrator's environment", why: 'needs the sandbox' },
  { row: 20, name: 'an agent reaches other work trees', why: 'needs the sandbox' },
  {
    row: 22,
    name: 'an agent traces the orchestrator, fills the disk or the process table',
    why: 'needs the sandbox',
  },
  { row: 23, name: 'an agent opens network connections', why: 'needs the sandbox' },
  { row: 24, name: 'markup in an HTML report', why: 'there is no HTML report' },
  { row: 25, name: 'the sandbox is silently missing', why: 'needs the sandbox' },
];
