import type { ScopePlan } from '../gates/gate-plan.ts';

/** The scope of the starter policy: small changes, nothing deleted, what is built in stays protected. */
export const STARTER_SCOPE: ScopePlan = {
  allowed: [],
  protected: [],
  unprotected: [],
  maxFiles: 8,
  maxLines: 400,
  maxNewFiles: 5,
  maxDeletedFiles: 0,
};
