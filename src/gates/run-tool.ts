/** One start of an executable whose output decides a gate. */
export interface ToolCall {
  /** As a `-bin` flag has it, or absolute. */
  readonly bin: string;
  readonly args: readonly string[];
  readonly stdin: string;
  /** The whole environment: nothing is added to it. null is the environment that stages get. */
  readonly env: Readonly<Record<string, string>> | null;
  /** Absolute; null is repo-root. */
  readonly cwd: string | null;
  readonly timeoutMs: number;
  /** For each of the two outputs; a tool that writes more is stopped. */
  readonly maxBytes: number;
}

/** How it ended. The outputs are what was written until then, at most `maxBytes` each. */
export interface ToolEnd {
  readonly kind: 'exited' | 'signalled' | 'timed-out' | 'spawn-failed' | 'too-much';
  /** Of `exited` only. */
  readonly code: number | null;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

/** Runs an executable and nothing of its process tree is left when it resolves. Never rejects. */
export type RunTool = (call: ToolCall) => Promise<ToolEnd>;

/** An end in words, for a detail. */
export function describeEnd({ kind, code }: ToolEnd): string {
  switch (kind) {
    case 'exited':
      return `exit code ${code}`;
    case 'signalled':
      return 'an end by a signal';
    case 'timed-out':
      return 'no end within its limit';
    case 'spawn-failed':
      return 'no start';
    case 'too-much':
      return 'more output than is read';
  }
}
