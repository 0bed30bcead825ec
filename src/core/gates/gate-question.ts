import type { GateName } from './gate.ts';
import type { GateSubject } from './gate-document.ts';

/** What a gate source is asked. Everything that it may judge by is here, and nothing that an agent wrote about itself. */
export interface GateQuestion {
  readonly gate: GateName;
  /** Before the executor starts, or when the run closes. */
  readonly moment: 'admission' | 'closure';
  /**
   * `head_sha` is the commit that was delivered, or that the operator named, or that HEAD was when the validated tree
   * was taken: never what HEAD is when the gate is read.
   */
  readonly subject: GateSubject;
  /** SHA-256 over the artifacts that planning left, null where there are none. */
  readonly planDigest: string | null;
  /** Unix seconds. */
  readonly nowSecs: number;
}
