/**
 * What bubblewrap reports on its `--json-status-fd`. It writes `exit-code` only when what it was to run has run and
 * ended: a sandbox that could not be set up and a program that could not be found in it exit with 1 as well.
 */
export interface SandboxStatus {
  /** The sandbox's own first process, as this machine numbers it; null while it is not up. */
  readonly init: number | null;
  /** Whether the program in it was started and has ended. */
  readonly ran: boolean;
}

/** Reads what has been reported so far; anything that is not of that form counts as not reported. */
export function readSandboxStatus(text: string): SandboxStatus {
  const init = /"child-pid":\s*(\d{1,9})/.exec(text)?.[1];
  return { init: init === undefined ? null : Number(init), ran: /"exit-code":\s*\d+/.test(text) };
}
