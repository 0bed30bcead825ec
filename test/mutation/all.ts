import { AGENTS } from './defences/agents.ts';
import { DELIVERY } from './defences/delivery.ts';
import { DURABILITY } from './defences/durability.ts';
import { EVIDENCE } from './defences/evidence.ts';
import { FORGES } from './defences/forges.ts';
import { GATES } from './defences/gates.ts';
import { ISOLATION } from './defences/isolation.ts';
import { PROCESSES } from './defences/processes.ts';
import { REPORTS } from './defences/reports.ts';
import { VERDICT } from './defences/verdict.ts';
import type { Mutation } from './mutation.ts';

/** Every defence that is taken out, one at a time. */
export const MUTATIONS: readonly Mutation[] = [
  ...DURABILITY,
  ...EVIDENCE,
  ...VERDICT,
  ...AGENTS,
  ...PROCESSES,
  ...ISOLATION,
  ...FORGES,
  ...GATES,
  ...DELIVERY,
  ...REPORTS,
];
