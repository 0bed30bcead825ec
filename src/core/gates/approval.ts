/** What an approver can say, whatever the gate. */
export const VERDICTS = ['approved', 'changes_requested'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Lengths of what an approver writes, in characters. */
export const APPROVER_LENGTH = 200;
export const NOTE_LENGTH = 2000;
