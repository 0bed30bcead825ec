/** Where an operation prints. Neither may throw: a closed or full stdout never ends a command (spec section 8). */
export interface Output {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}
