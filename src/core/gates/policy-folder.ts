/** A policy folder as it was read from the base commit, or held to its digest. */
export interface PolicyFolder {
  /** Name, `/` between folders, to content. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** SHA-256 (hex) of the folder's listing. */
  readonly digest: string;
}

/** Why there is no policy to be read, in words. */
export interface PolicyFolderProblem {
  readonly code: 'policy_missing' | 'policy_unsafe' | 'policy_too_big' | 'policy_moved' | 'policy_unreadable';
  readonly message: string;
}

/** What a policy folder may hold: far more than people write, and little enough to be read at every decision. */
export const POLICY_FOLDER_LIMITS = { files: 100, depth: 8, bytes: 4 * 1024 * 1024 } as const;

/** A problem as a value. */
export function folderProblem(code: PolicyFolderProblem['code'], message: string): PolicyFolderProblem {
  return { code, message };
}

/** Whether the name of one file or folder means the same to every tool and system. */
export function isPlainName(name: string): boolean {
  return /^[A-Za-z0-9._@+-]{1,100}$/.test(name) && name !== '.' && name !== '..';
}
