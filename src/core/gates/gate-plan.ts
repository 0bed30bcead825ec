import type { GateName } from './gate.ts';

/** Where a gate's state comes from. `text` is the source as it was typed, and names it everywhere. */
export type GateSource =
  /** The status flag: `--policy-status`, `--ci-status`, `--review-status`. */
  | { readonly kind: 'operator'; readonly text: string }
  /** An executable that prints a gate document. `bin` as a `-bin` flag has it. */
  | { readonly kind: 'command'; readonly text: string; readonly bin: string }
  /** A signed gate document or approval; absolute. */
  | { readonly kind: 'file'; readonly text: string; readonly path: string }
  /** `number` null is the pull request that this run delivers. */
  | {
      readonly kind: 'github';
      readonly text: string;
      readonly owner: string;
      readonly repo: string;
      readonly number: number | null;
    }
  /** `project` is `group/sub/project` or a number. */
  | {
      readonly kind: 'gitlab';
      readonly text: string;
      readonly project: string;
      readonly number: number | null;
    }
  /**
   * Policy engines. `dir` is a folder below repo-root, read from the base commit, or with `digest` (SHA-256 hex of its
   * listing) any folder, absolute.
   */
  | {
      readonly kind: 'cedar' | 'opa' | 'conftest';
      readonly text: string;
      readonly dir: string;
      readonly digest: string | null;
    };

/** One check that must be there and pass. Identity is (app, name); `app` null means: whichever app reports it. */
export interface RequiredCheck {
  readonly name: string;
  /** Numeric id or slug of the GitHub App, null for any. */
  readonly app: string | null;
  /** Conclusions that count as passed beside `success`: `skipped`, `neutral`. */
  readonly accept: readonly string[];
}

export interface CiRules {
  /** The project's own list; the forge's rules are added to it. */
  readonly required: readonly RequiredCheck[];
  /** Whether a check that failed and then passed on the same commit counts. */
  readonly acceptFlaky: boolean;
}

export interface ReviewRules {
  /** Approvals needed; null takes 1, and 2 where a bot opened the change. */
  readonly approvals: number | null;
  /** Only these logins count, where the list is not empty. */
  readonly reviewers: readonly string[];
  /** Logins that never count, whatever type their account has. */
  readonly agents: readonly string[];
}

export interface PolicyRules {
  /** A decision made from fewer rules blocks; at least 1. */
  readonly minRules: number;
  /** Executable and, where it is pinned, its SHA-256 (hex). */
  readonly opa: ToolPlan;
  readonly conftest: ToolPlan;
}

export interface ToolPlan {
  readonly bin: string;
  readonly sha256: string | null;
}

/** How a forge is reached; the token itself never enters a plan. */
export interface ForgePlan {
  /** Base URL of the REST API. */
  readonly url: string;
  /** Name of the variable that holds the token. */
  readonly tokenEnv: string;
}

/** Who may sign a `file:` source: public keys in PEM files, absolute, and how many distinct ones are needed. */
export interface SignerPlan {
  readonly keys: readonly string[];
  readonly required: number;
}

/** Everything an operator decides about the gates, beside the assertions. */
export interface GatePlan {
  /** Never empty: `operator` where nothing was given. All of a gate's sources must pass. */
  readonly sources: Readonly<Record<GateName, readonly GateSource[]>>;
  /** Gates that an operator's word alone does not open. */
  readonly requireExternal: readonly GateName[];
  /** Milliseconds that a closure waits for what is pending; 0 decides at once. */
  readonly waitMs: number;
  /** Milliseconds between two looks while waiting, where the forge asks for no longer time. */
  readonly pollMs: number;
  /** The commit that forges must attest, where the operator names it; full hex. */
  readonly commit: string | null;
  readonly ci: CiRules;
  readonly review: ReviewRules;
  readonly policy: PolicyRules;
  readonly signers: SignerPlan;
  readonly github: ForgePlan;
  readonly gitlab: ForgePlan;
}

/** The scope guard's rules. Globs are of paths below repo-root, `**` across folders, case folded. */
export interface ScopePlan {
  /** Paths that may change; empty allows all that is not protected. */
  readonly allowed: readonly string[];
  /** Beside the protected paths that are built in. */
  readonly protected: readonly string[];
  /** Built-in protected paths that may change all the same; never `.git`. */
  readonly unprotected: readonly string[];
  /** null is no limit. */
  readonly maxFiles: number | null;
  readonly maxLines: number | null;
  readonly maxNewFiles: number | null;
  readonly maxDeletedFiles: number | null;
}

/** What is done with a validated change before ci and review are asked. */
export interface DeliveryPlan {
  readonly branch: string;
  readonly message: string;
  /** Name of a remote, or a URL. */
  readonly remote: string;
  /** Branches, or globs, that are never pushed to, beside those that are built in. */
  readonly protectedBranches: readonly string[];
  readonly pullRequest: PullRequestPlan | null;
}

export interface PullRequestPlan {
  /** Where it is opened. */
  readonly on: 'github' | 'gitlab';
  /** `owner/repo`, or GitLab's project. */
  readonly project: string;
  /** The branch that it asks to be merged into. */
  readonly base: string;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
}
