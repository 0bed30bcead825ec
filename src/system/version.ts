/** What is built here, as reports, `--version` and the lock record name it. */
export const PRODUCT = 'orchestrator';

/** The version of the product: a constant, so that no file has to be found at run time. A test holds it to package.json. */
export const VERSION = '0.1.0';
