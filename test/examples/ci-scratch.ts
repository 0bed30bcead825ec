/** What the examples of CI have in common: a repository to work on, and programs that stand in for those of a runner. */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { OUTPUTS } from '../core/agents/outputs.ts';
import { EXECUTABLE, git, ROOT } from './example.ts';

/** What an agent does that does its work. */
export const MEND =
  "sed -i.bak 's/grams < LETTER/grams <= LETTER/' src/shipping.js && rm src/shipping.js.bak";

/** A repository, and the commit that a pipeline runs for. */
export interface Origin {
  readonly origin: string;
  readonly head: string;
}

/** The project of another example in `base`, with all files of the folder `added`, as somebody has copied them. */
export function makeOrigin(base: string, added: string): Origin {
  const origin = join(base, 'origin');
  mkdirSync(base, { recursive: true });
  cpSync(join(ROOT, 'examples/fix-failing-test/project'), origin, { recursive: true });
  cpSync(added, origin, { recursive: true, filter: (path) => path !== join(added, 'README.md') });
  const as = ['-c', 'user.name=A', '-c', 'user.email=a@example.org'];
  git(origin, 'init', '--quiet', '--initial-branch=main');
  git(origin, 'add', '--all');
  git(origin, ...as, 'commit', '--quiet', '--message=A parcel of 500 grams');
  return { origin, head: git(origin, 'rev-parse', 'HEAD').trim() };
}

/** Programs that are found first on `path`. */
export interface Tools {
  readonly path: string;
  readonly write: (name: string, text: string) => void;
  /** Writes a codex that does `work`, in shell, and then prints that it was a success. */
  readonly agent: (work: string) => void;
}

/** Makes them in `base`: a download is a link to what has been built here, npm fetches nothing. */
export function makeTools(base: string): Tools {
  const folder = join(base, 'tools');
  mkdirSync(folder);
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text, { mode: 0o755 });
  };
  write('curl', `#!/bin/sh\nwhile [ "$1" != --output ]; do shift; done\nln -sf '${EXECUTABLE}' "$2"\n`);
  write('npm', '#!/bin/sh\necho "npm $*"\n');
  const said = join(base, 'said');
  writeFileSync(said, OUTPUTS.codex.success);
  const path = [folder, dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(':');
  return { path, write, agent: (work) => write('codex', `#!/bin/sh\n${work}\ncat '${said}'\n`) };
}

let digest: string | null = null;

/** Of the executable, as a release's list of digests would have it; of nothing where it is not built. */
export function executableDigest(): string {
  digest ??= createHash('sha256')
    .update(existsSync(EXECUTABLE) ? readFileSync(EXECUTABLE) : '')
    .digest('hex');
  return digest;
}
