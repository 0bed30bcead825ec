/**
 * The only file that touches the inside of pkg. What its command line offers has no way to a code cache or to
 * `execArgvExtension`; the module behind it has. It is no public interface: the version of pkg is pinned
 * exactly, and test/build/pkg-sea.test.ts says what changed when it is raised.
 *
 * A process of its own (started by pkg-sea.ts), because pkg reads HOME and TMPDIR, changes the working
 * directory and prints.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { PkgJob } from './pkg-sea.ts';

const INSIDE = '@yao-pkg/pkg/lib-es5/sea.js';

/** Every download means that pkg did not find what lies in its cache. */
globalThis.fetch = (input) => {
  throw new Error(
    `pkg wants to download ${String(input)}: its cache has another layout now (see pkg-sea.ts)`,
  );
};

const require = createRequire(import.meta.url);
const { default: sea } = require(INSIDE);
if (typeof sea !== 'function' || sea.length !== 2) {
  throw new Error(`${INSIDE} has no function sea(entry, options) any more: pkg has changed its inside`);
}
const [jobFile = ''] = process.argv.slice(2);
const job: PkgJob = JSON.parse(readFileSync(jobFile, 'utf8'));
await sea(job.entry, job.options);
