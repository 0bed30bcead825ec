/** What the starter policy lets one change be: small enough for a person to read. */
export const STARTER_BUDGETS = { files: 8, lines: 400, newFiles: 5, deletedFiles: 0 } as const;
