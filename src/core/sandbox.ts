/** Whether a stage is to be sandboxed: it must, it should where that is possible, or not at all. */
export const SANDBOX_MODES = ['required', 'auto', 'off'] as const;
export type SandboxMode = (typeof SANDBOX_MODES)[number];

/** Whether a sandboxed stage sees the network. */
export const NETWORK_MODES = ['on', 'off'] as const;
export type NetworkMode = (typeof NETWORK_MODES)[number];

/** How one attempt was kept apart from the rest of the machine (`isolation` in the report). */
export interface IsolationRecord {
  /** `none`: the stage ran as our own user and could reach all that we can. */
  readonly tier: 'none' | 'sandbox';
  /** `host`: the network as this machine has it. */
  readonly network: 'host' | 'none';
  /** Why there was no sandbox where one was wanted; null otherwise. */
  readonly reason: string | null;
}

/** What `isolation` says of a whole run. */
export const ISOLATION_SUMMARIES = ['none', 'sandbox', 'mixed'] as const;
export type IsolationSummary = (typeof ISOLATION_SUMMARIES)[number];

/** One word for a run: `sandbox` only where nothing was started without one. */
export function summariseIsolation(records: readonly (IsolationRecord | null)[]): IsolationSummary {
  const tiers = new Set(records.flatMap((one) => (one === null ? [] : [one.tier])));
  if (tiers.size === 2) return 'mixed';
  return tiers.has('sandbox') ? 'sandbox' : 'none';
}
