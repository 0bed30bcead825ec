import { join } from 'node:path';
import { loadPath, type StoredRoots } from '../../formats/stored-path.ts';
import { commandLine, type EvidencePlace, pathSeenFrom } from '../../render/evidence-place.ts';
import { afterDoubt, type NextCommand } from '../../render/next-command.ts';
import { shellWord } from '../../render/shell-word.ts';
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
  if (evidence.findings.length > 0) return afterDoubt();
  if (failed.some((name) => name.startsWith('artifact'))) {
    return afterArtifacts(brokenArtifacts(evidence.checkpoint.run.artifacts, scope), { place, cwd, scope });
  }
  if (evidence.checkpoint.run.state.status !== 'done') return explain;
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
  return explain;
}

/** A good copy is put back where it was; only where there is none, the stage has to run again. */
function afterArtifacts(
  broken: ReturnType<typeof brokenArtifacts>,
  how: { readonly place: EvidencePlace; readonly cwd: string; readonly scope: ArtifactScope },
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
  if (first === undefined) return { command: commandLine(how.place, [], 'explain'), when: '' };
  const [copy, file] = [`out:${first.artifact.copy}`, first.artifact.path].map((stored) =>
    pathSeenFrom(how.cwd, resolvePath(stored, how.scope.roots)),
  );
  const [from, to] = first.copy === null ? [copy, file] : [file, copy];
  return {
    command: ['cp', '-p', '--', from ?? '', to ?? ''].map(shellWord).join(' '),
    when: `puts it back as it was judged${more.length === 0 ? '' : `; ${more.length} more likewise`}, then verify again`,
  };
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
