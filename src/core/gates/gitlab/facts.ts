/** An account as GitLab names it. */
export interface UserFact {
  readonly id: number;
  readonly username: string;
  readonly name: string;
}

/** A merge request as it was when it was read. Words stay as they came: what is not known blocks. */
export interface MergeRequestFact {
  readonly iid: number;
  readonly state: string;
  readonly draft: boolean;
  /** null where GitLab has not looked at the branch yet, or the branch is empty. */
  readonly sha: string | null;
  readonly targetBranch: string;
  /** The project that it asks to be merged into. */
  readonly projectId: number;
  /** GitLab's own summary: the first of its checks that is not met. */
  readonly mergeStatus: string;
  readonly author: UserFact;
  /** The newest pipeline of the merge request; null where there is none. */
  readonly pipeline: PipelineFact | null;
}

export interface PipelineFact {
  readonly id: number;
  /** The project that it ran in: of a fork's merge request mostly the fork. */
  readonly projectId: number;
  /** The commit that it ran on: of a merged-results pipeline that is the test merge, not the head. */
  readonly sha: string;
  readonly status: string;
}

/** One job of the pipeline; a job that was retried is there once for each try. */
export interface JobFact {
  readonly id: number;
  readonly name: string;
  readonly status: string;
  readonly allowFailure: boolean;
}

/** One approval rule of the merge request. */
export interface ApprovalRuleFact {
  readonly name: string;
  readonly required: number;
  readonly approved: boolean;
  readonly approvedBy: readonly UserFact[];
}

/** One approval; GitLab does not say which commit it is of, only when it was given. */
export interface ApprovalFact {
  readonly user: UserFact;
  /** Unix ms; null where the instance does not say. */
  readonly atMs: number | null;
}

/** One head that the merge request has had. */
export interface VersionFact {
  readonly id: number;
  readonly headSha: string;
  /** Unix ms. */
  readonly sinceMs: number;
}

/** Who made one commit, as the commit itself says: GitLab's list names no accounts. */
export interface CommitNamesFact {
  readonly sha: string;
  readonly authorName: string;
  readonly authorEmail: string;
  readonly committerName: string;
  readonly committerEmail: string;
}
