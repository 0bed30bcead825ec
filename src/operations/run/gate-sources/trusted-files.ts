import { type Failure, failure } from '../../../core/failure.ts';
import type { GateName } from '../../../core/gates/gate.ts';
import { blocking, type GateDetail } from '../../../core/gates/gate-document.ts';
import type { GateSource } from '../../../core/gates/gate-plan.ts';
import { gatePlanOf } from '../../../core/gates/plan-of-settings.ts';
import type { TrustedFile } from '../../../core/records.ts';
import { fail, ok, type Result } from '../../../core/result.ts';
import type { RunPlan } from '../../../core/run-plan.ts';
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

/**
 * The executables and keys that gates are decided with, as they are before a stage can touch them. What was seen
 * before stays as it was seen then: a file that a stage has replaced is not taken for the operator's. `precondition`
 * where one is not there.
 */
export function takeTrustedFiles(
  ground: Ground,
  before: readonly TrustedFile[],
): Result<readonly TrustedFile[], Failure> {
  const known = new Map(before.map((one) => [one.path, one]));
  for (const named of namesIn(ground.plan)) {
    const found = identify(ground, named.bin);
    if (!found.ok) {
      return fail(
        failure('precondition', `${named.flag}: ${found.failure}`, {
          remedy: 'it has to be there before the first stage starts',
        }),
      );
    }
    if (!known.has(found.value.path)) known.set(found.value.path, found.value);
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
  return namesOf(ground.plan, gate, source).flatMap(({ bin }) => {
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

function namesIn(plan: RunPlan): readonly Named[] {
  const { sources } = gatePlanOf(plan.closure);
  const gates: readonly GateName[] = ['policy', 'ci', 'review'];
  return gates.flatMap((gate) => sources[gate].flatMap((source) => namesOf(plan, gate, source)));
}

function namesOf(plan: RunPlan, gate: GateName, source: GateSource): readonly Named[] {
  const { closure } = plan;
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
