/** How a page of ours begins; what does not is somebody else's file. ASCII. */
export const PAGE_START = '<!doctype html>\n<!-- orchestrator run report -->\n';
