import type { Campaign } from './campaign.ts';

/** Every campaign, in the order in which they are run; each is loaded when its turn comes. */
export const CAMPAIGNS: readonly (() => Promise<Campaign>)[] = [
  async () => (await import('./r01-kills/campaign.ts')).r01,
  async () => (await import('./r02-failing-writes/campaign.ts')).r02,
  async () => (await import('./r03-power-cuts/campaign.ts')).r03,
  async () => (await import('./r04-kills-in-resume/campaign.ts')).r04,
  async () => (await import('./r05-lock/campaign.ts')).r05,
  async () => (await import('./r06-orphans/campaign.ts')).r06,
  async () => (await import('./r07-held-pipes/campaign.ts')).r07,
  async () => (await import('./r08-memory/campaign.ts')).r08,
  async () => (await import('./r09-fuzz/campaign.ts')).r09,
  async () => (await import('./r10-forgery/campaign.ts')).r10,
  async () => (await import('./r11-exit-codes/campaign.ts')).r11,
  async () => (await import('./r12-secrets/campaign.ts')).r12,
  async () => (await import('./r13-streams/campaign.ts')).r13,
  async () => (await import('./r14-soak/campaign.ts')).r14,
  async () => (await import('./r15-random-walks/campaign.ts')).r15,
  async () => (await import('./r16-forge-answers/campaign.ts')).r16,
  async () => (await import('./r17-delivery/campaign.ts')).r17,
];
