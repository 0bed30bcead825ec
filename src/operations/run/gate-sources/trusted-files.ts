import type { ClosureSettings } from '../../../core/config/closure-settings.ts';
import { type Failure, failure } from '../../../core/failure.ts';
import type { GateName } from '../../../core/gates/gate.ts';
import { blocking, type GateDetail } from '../../../core/gates/gate-document.ts';
import type { GateSource } from '../../../core/gates/gate-plan.ts';
import { gatePlanOf } from '../../../core/gates/plan-of-settings.ts';
import type { TrustedFile } from '../../../core/records.ts';
import { fail, ok, type Result } from '../../../core/result.ts';
import { displayPath, storePath } from '../../../formats/stored-path.ts';
import { resolveExecutable } from '../../../process/executables.ts';
import { identifyExecutable } from '../../../process/identify-executable.ts';
import type { RunContext } from '../context.ts';

/** A file that a gate is decided with: an executable, or a public key. */
interface Named {
  readonly flag: string;
  readonly bin: string;
}

type Ground = Pick<RunContext, 'plan' | 'roots' | 'digests'> & {
  readonly ports: Pick<RunContext['ports'], 'env'>;
};

/** What a run was decided with until now. */
export interface TrustedBefore {
  readonly files: readonly TrustedFile[];
  readonly closure: ClosureSettings;
}

/**
 * The executables and keys that gates are decided with, as they are before a stage can touch them. What was named
 * before stays as it was seen then: a file that a stage has replaced, or has put first on PATH, is not taken for the
 * operator's. `precondition` where one is not there.
 */
export function takeTrustedFiles(
  ground: Ground,
  before: TrustedBefore | null,
): Result<readonly TrustedFile[], Failure> {
  const known = new Map(before?.files.map((one) => [one.path, one]));
  const named = new Set(before === null ? [] : namesIn(before.closure).map(({ bin }) => bin));
  for (const { flag, bin } of namesIn(ground.plan.closure)) {
    const found = identify(ground, bin);
    if (!found.ok) {
      return fail(
        failure('precondition', `${flag}: ${found.failure}`, {
          remedy: 'it has to be there before the first stage starts',
        }),
      );
    }
    if (!named.has(bin) && !known.has(found.value.path)) known.set(found.value.path, found.value);
  }
  return ok([...known.values()]);
}

/** What is held against a source because its executable, or a key of its gate, is not what it was. */
export function changedTrust(
  ground: Ground,
  trusted: readonly TrustedFile[],
  gate: GateName,
  source: GateSource,
): readonly GateDetail[] {
  return namesOf(ground.plan.closure, gate, source).flatMap(({ bin }) => {
    const now = identify(ground, bin);
    const path = now.ok ? now.value.path : bin;
    const before = trusted.find((one) => one.path === path);
    if (now.ok && before?.sha256 === now.value.sha256) return [];
    const what = now.ok ? 'it is not the file that was there when the run began' : now.failure;
    return [
      blocking(
        'trusted_file_changed',
        displayPath(path),
        what,
        'put it back as it was, or keep it where no stage can write and start a fresh run',
      ),
    ];
  });
}

function namesIn(closure: ClosureSettings): readonly Named[] {
  const { sources } = gatePlanOf(closure);
  const gates: readonly GateName[] = ['policy', 'ci', 'review'];
  return gates.flatMap((gate) => sources[gate].flatMap((source) => namesOf(closure, gate, source)));
}

function namesOf(closure: ClosureSettings, gate: GateName, source: GateSource): readonly Named[] {
  switch (source.kind) {
    case 'command':
      return [{ flag: `--${gate}-from ${source.text}`, bin: source.bin }];
    case 'opa':
      return [{ flag: '--opa-bin', bin: closure.opa_bin }];
    case 'conftest':
      return [{ flag: '--conftest-bin', bin: closure.conftest_bin }];
    case 'file':
      return closure.approver_keys.map((bin) => ({ flag: '--approver-key', bin }));
    default:
      return [];
  }
}

function identify(ground: Ground, bin: string): Result<TrustedFile, string> {
  const { roots, digests } = ground;
  const file = placeOf(ground, bin);
  if (!file.ok) return file;
  const identity = identifyExecutable({ file: file.value, args: [], cwd: roots.repoRoot }, digests);
  if (!identity.ok) return identity;
  return ok({ path: storePath(file.value, roots), sha256: identity.value.binary.sha256 });
}

/** A key is read, an executable is started: one that cannot be is none. */
function placeOf(ground: Ground, bin: string): Result<string, string> {
  if (ground.plan.closure.approver_keys.includes(bin)) return ok(bin);
  const path = ground.ports.env.PATH ?? '';
  const resolved = resolveExecutable(bin, { path, cwd: ground.roots.repoRoot });
  return resolved.ok ? resolved : fail(resolved.failure.message);
}
