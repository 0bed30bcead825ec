/** The agents that there is a profile of, by the word that `--executor-agent` takes. */
export const AGENT_NAMES = ['claude-code', 'codex', 'opencode', 'gemini', 'aider'] as const;
export type AgentName = (typeof AGENT_NAMES)[number];

/** What an agent says it has used; null where it does not say. Tokens read from a cache count as input. */
export interface AgentUsage {
  readonly cost_usd: number | null;
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  /** Answers of the model, as the agent counts them. */
  readonly turns: number | null;
}

export const UNKNOWN_USAGE: AgentUsage = {
  cost_usd: null,
  input_tokens: null,
  output_tokens: null,
  turns: null,
};

/** Why a line is not passed over although it is none that an agent prints. */
export const GARBLED = 'what it says stands in a line that is no JSON, or holds a key twice';

/** What is known of an attempt whose output cannot be read. */
export function unreadableResult(problem: string): AgentResult {
  return { usage: UNKNOWN_USAGE, ending: { kind: 'unreadable', problem } };
}

/** How the agent itself says that it ended. */
export type AgentEnding =
  | { readonly kind: 'success' }
  /** It says that it failed, or that it gave up. */
  | { readonly kind: 'failed'; readonly problem: string }
  /** It stopped at a limit that it was told. */
  | { readonly kind: 'capped'; readonly problem: string }
  /** No result, half of one, or one of another shape. */
  | { readonly kind: 'unreadable'; readonly problem: string };

/** What one run of an agent has printed, read. */
export interface AgentResult {
  readonly usage: AgentUsage;
  readonly ending: AgentEnding;
}

/** What an agent is started for. */
export interface AgentOrder {
  readonly prompt: string;
  /** As the agent spells it; null takes its own default. */
  readonly model: string | null;
  /** The operator's own arguments. */
  readonly args: readonly string[];
  /** What is left of the limits; null is none. */
  readonly costUsd: number | null;
  readonly turns: number | null;
}

/** Everything that is particular to one agent. */
export interface AgentProfile {
  /** Looked up on PATH where the role has no `-bin`. */
  readonly bin: string;
  /** The command line for use without a person. */
  readonly commandLine: (order: AgentOrder) => readonly string[];
  /** Variables of the caller that reach this role beside those of `--pass-env`. */
  readonly env: readonly string[];
  /** What it reports in no version: a limit on that cannot be held. */
  readonly neverTold: readonly ('cost' | 'turns')[];
  /** What its exit codes mean beyond "it failed". */
  readonly exitCodes: Readonly<Record<number, Exclude<AgentEnding, { kind: 'success' }>>>;
  /** Reads what it printed on stdout, line by line to the end; never throws. */
  readonly read: (lines: Iterable<string>) => AgentResult;
}
