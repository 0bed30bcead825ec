import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ArtifactRecord } from '../../core/records.ts';
import { sameJson } from '../../formats/same-json.ts';
import { isInside, loadPath, type StoredRoots } from '../../formats/stored-path.ts';
import { commandLine, type EvidencePlace, pathSeenFrom } from '../../render/evidence-place.ts';
import { afterDoubt, type NextCommand } from '../../render/next-command.ts';
import { shellWord } from '../../render/shell-word.ts';
import { lstatOrNull } from '../../store/file-kind.ts';
import type { ReadEvidence } from '../examine-evidence.ts';
import type { Check } from './check.ts';
import { type ArtifactScope, brokenArtifacts } from './check-artifacts.ts';

/** Checks of signatures alone: what was committed holds, and a resume with the key signs it. */
const SIGNING = ['signature', 'statements', 'signed content'];

export interface Verified {
  readonly evidence: ReadEvidence;
  readonly checks: readonly Check[];
  readonly scope: ArtifactScope;
}

/** What to type after a verification that did not end closure-ready, by what stands first in the way. */
export function afterVerification(
  { evidence, checks, scope }: Verified,
  place: EvidencePlace,
  cwd: string,
): NextCommand {
  const failed = checks.filter((one) => one.verdict === 'failed').map((one) => one.name);
  const explain = { command: commandLine(place, [], 'explain'), when: 'for what stands in its way' };
  const { status } = evidence.checkpoint.run.state;
  if (evidence.findings.length > 0) return afterDoubt();
  // What a run that goes on has set aside is not lost.
  if (status !== 'done' && status !== 'blocked') return explain;
  if (failed.some((name) => name.startsWith('artifact'))) {
    const { run } = evidence.checkpoint;
    const left = (artifact: ArtifactRecord) =>
      artifact.copy === `artifacts/${artifact.sha256}` &&
      run.stage_executions.some((one) => one.artifacts.some((other) => sameJson(other, artifact)));
    return afterArtifacts(brokenArtifacts(run.artifacts, scope), { place, cwd, scope, left });
  }
  if (status !== 'done') return explain;
  if (failed.includes('work tree')) {
    const when =
      'to have what is in the work tree now validated; or put back what was validated, and verify again';
    return { command: commandLine(place, ['--resume', '--rerun-from', 'validation']), when };
  }
  if (failed.includes('authenticity')) return afterUnproven(evidence, place);
  if (failed.length > 0 && failed.every((name) => SIGNING.includes(name))) {
    const signing = { ...place, signKey: place.signKey ?? ['--sign-key', 'KEY.pem'] };
    return { command: commandLine(signing, ['--resume']), when: 'with the key that is to sign it' };
  }
  return scope.repoPresent ? explain : ELSEWHERE;
}

const ELSEWHERE: NextCommand = {
  command: null,
  when: 'verify it where its repository is: what was validated cannot be looked at from here',
};

/** A good copy is put back where it was; only where there is none, the stage has to run again. */
function afterArtifacts(
  broken: ReturnType<typeof brokenArtifacts>,
  how: {
    readonly place: EvidencePlace;
    readonly cwd: string;
    readonly scope: ArtifactScope;
    /** Whether an attempt of the run has left it: a checkpoint that was written by hand lists any file it likes. */
    readonly left: (artifact: ArtifactRecord) => boolean;
  },
): NextCommand {
  const lost = broken.find((one) => one.copy !== null && one.file !== null);
  if (lost !== undefined) {
    const { stage } = lost.artifact;
    return {
      command: commandLine(how.place, ['--resume', '--rerun-from', stage]),
      when: 'there is no good copy of it: to have it made again, and everything after it',
    };
  }
  const [first, ...more] = broken;
  const none = { command: commandLine(how.place, [], 'explain'), when: 'for what stands in its way' };
  if (first === undefined) return none;
  const { roots } = how.scope;
  const [copy, file] = [`out:${first.artifact.copy}`, first.artifact.path].map((one) =>
    resolvePath(one, roots),
  );
  const [from = '', to = ''] = first.copy === null ? [copy, file] : [file, copy];
  if (!how.left(first.artifact) || !isPlaceForFile(to, roots)) {
    return {
      command: null,
      when: `look at ${pathSeenFrom(how.cwd, to)}: what was judged is ${pathSeenFrom(how.cwd, from)}, and cannot simply be put there`,
    };
  }
  const words = ['cp', '--', pathSeenFrom(how.cwd, from), pathSeenFrom(how.cwd, to)];
  return {
    command: words.map(shellWord).join(' '),
    when: `puts it back as it was judged${more.length === 0 ? '' : `; ${more.length} more likewise`}, then verify again`,
  };
}

/** Whether a copy there is written into that file, or makes it: never through a link, and nowhere else than a run writes. */
function isPlaceForFile(path: string, roots: StoredRoots): boolean {
  try {
    const found = lstatOrNull(path);
    const folder = realpathSync.native(dirname(path));
    const inside = [roots.outDir, roots.repoRoot].some((root) => isInside(realpathSync.native(root), folder));
    return inside && (found === null || (found.isFile() && found.nlink === 1));
  } catch {
    return false;
  }
}

function resolvePath(stored: string, roots: StoredRoots): string {
  const path = loadPath(stored, roots);
  return path.startsWith('/') ? path : join(roots.outDir, path);
}

function afterUnproven({ checkpoint }: ReadEvidence, place: EvidencePlace): NextCommand {
  if (checkpoint.authentication === null) {
    return {
      command: null,
      when: 'evidence without a state key is never proven: start a fresh run with --state-key-file FILE',
    };
  }
  const keyed = { ...place, stateKey: ['--state-key-file', 'FILE'] };
  return {
    command: commandLine(keyed, ['--require-authentic'], 'verify'),
    when: `with the state key ${checkpoint.authentication.key_id} that the run was given`,
  };
}
