/** Below so many bytes zod's compiling of a schema takes longer than what it saves in reading one document. */
const WORTH_COMPILING = 1_000_000;

/** How zod reads one document of `bytes` bytes, for `safeParse`: a command that reads a single one starts faster so. */
export function parseEffort(bytes: number): { readonly jitless: boolean } {
  return { jitless: bytes < WORTH_COMPILING };
}
