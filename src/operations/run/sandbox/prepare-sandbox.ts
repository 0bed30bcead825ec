import { existsSync } from 'node:fs';
import { sandboxOf, strictestMode } from '../../../core/asked-sandbox.ts';
import { type Failure, failure } from '../../../core/failure.ts';
import { fail, ok, type Result } from '../../../core/result.ts';
import { ROLES, type RunPlan } from '../../../core/run-plan.ts';
import type { SandboxMode } from '../../../core/sandbox.ts';
import { isInside } from '../../../formats/stored-path.ts';
import { findBubblewrap } from '../../../process/sandbox/find-bubblewrap.ts';
import { realOrSame } from '../../../store/real-path.ts';
import { linkOnTheWay } from './links-on-the-way.ts';

/** What this machine can do about sandboxes, as far as the plan asks. */
export type SandboxHere =
  | { readonly kind: 'not-asked' }
  | { readonly kind: 'available'; readonly bubblewrap: string }
  | { readonly kind: 'unavailable'; readonly why: string };

/** Where the run is, all real paths; `checkpoint` wherever it lies. */
export interface SandboxGround {
  readonly repoRoot: string;
  readonly outDir: string;
  readonly checkpoint: string;
}

/**
 * Looks whether the sandbox that the plan asks for can be had, and whether it would hold: exit 2 where it must be and
 * cannot, or where something of ours would be within a stage's reach (spec section 2: before anything is written).
 */
export async function prepareSandbox(
  plan: RunPlan,
  ground: SandboxGround,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Result<SandboxHere, Failure>> {
  const mode = strictestMode(plan);
  if (mode === 'off') return ok({ kind: 'not-asked' });
  const { probeSandbox } = await import('../../../process/sandbox/probe-sandbox.ts');
  const probed = probeSandbox(findBubblewrap(env.PATH ?? '', ground.repoRoot));
  return judgeSandbox(plan, ground, { mode, probed });
}

/** The same for a look that starts nothing: that bubblewrap is there has to do for an answer. */
export function checkSandbox(
  plan: RunPlan,
  ground: SandboxGround,
  env: Readonly<Record<string, string | undefined>>,
): Result<SandboxHere, Failure> {
  const mode = strictestMode(plan);
  if (mode === 'off') return ok({ kind: 'not-asked' });
  return judgeSandbox(plan, ground, { mode, probed: findBubblewrap(env.PATH ?? '', ground.repoRoot) });
}

/** The same with the probe's answer given. */
export function judgeSandbox(
  plan: RunPlan,
  ground: SandboxGround,
  found: { readonly mode: SandboxMode; readonly probed: Result<string, string> },
): Result<SandboxHere, Failure> {
  const { probed } = found;
  if (!probed.ok) {
    if (found.mode !== 'required') return ok({ kind: 'unavailable', why: probed.failure });
    return refuse(
      `a sandbox is required (--sandbox, --<role>-sandbox required): ${probed.failure}`,
      'install bubblewrap 0.8 or newer and allow user namespaces (docs/sandbox.md), or choose --sandbox auto or off',
    );
  }
  const [problem] = [
    ...placeProblems(ground),
    ...shownProblems(plan, ground),
    ...artifactProblems(plan, ground),
  ];
  return problem === undefined ? ok({ kind: 'available', bubblewrap: probed.value }) : refuse(...problem);
}

type Problem = readonly [message: string, remedy: string];

function refuse(message: string, remedy: string): Result<never, Failure> {
  return fail(failure('precondition', message, { remedy }));
}

function placeProblems({ repoRoot, outDir, checkpoint }: SandboxGround): readonly Problem[] {
  if (isInside(outDir, repoRoot)) {
    return [
      [
        `${outDir}: expected an out_dir apart from repo-root, got one that holds it: a sandbox shows no out_dir`,
        'choose another out_dir',
      ],
    ];
  }
  if (isInside(repoRoot, checkpoint) && !isInside(outDir, checkpoint)) {
    return [
      [
        `--checkpoint-path ${checkpoint}: expected a place out of a sandboxed stage's reach, got one in repo-root`,
        'leave the checkpoint in out_dir, or put it outside the repository',
      ],
    ];
  }
  return [];
}

/** The machine itself as files, its processes and devices among them: a sandbox has its own. */
const KERNEL_VIEWS = ['/proc', '/sys', '/dev'];

/** What `--sandbox-read` and `--sandbox-write` may not show. */
function shownProblems(plan: RunPlan, ground: SandboxGround): readonly Problem[] {
  const flags = [
    ...plan.sandboxRead.map((path) => ({ flag: '--sandbox-read', path })),
    ...plan.sandboxWrite.map((path) => ({ flag: '--sandbox-write', path })),
  ];
  const writable = [ground.repoRoot, ...plan.sandboxWrite.map(realOrSame)];
  return flags.flatMap(({ flag, path }): readonly Problem[] => {
    if (!existsSync(path)) return [[`${flag} ${path}: expected something that exists`, 'correct the path']];
    const real = realOrSame(path);
    const link = linkOnTheWay(path, writable);
    if (link !== null) {
      const got = `${flag} ${path}: expected a path that no stage can turn elsewhere, got the link ${link}`;
      return [[got, `name where it is to lead: ${flag} ${real}`]];
    }
    // out_dir inside of what is shown is covered; the checkpoint elsewhere would not be.
    const bare = isInside(real, ground.checkpoint) && !isInside(ground.outDir, ground.checkpoint);
    const kernel = KERNEL_VIEWS.some((view) => isInside(view, real));
    if (real !== '/' && !kernel && !bare && !isInside(ground.outDir, real)) return [];
    return [
      [
        `${flag} ${path}: expected a place apart from the evidence and the whole system, got one that is not`,
        'name the folders that the stage needs, one by one',
      ],
    ];
  });
}

/** A sandboxed stage can leave something only in repo-root, in out_dir, and where it may write beside. */
function artifactProblems(plan: RunPlan, ground: SandboxGround): readonly Problem[] {
  const places = [ground.repoRoot, ground.outDir, ...plan.sandboxWrite.map(realOrSame)];
  return ROLES.flatMap((role) => {
    if (sandboxOf(plan, { role }).mode === 'off') return [];
    const paths = (plan.roles[role]?.expectedArtifacts ?? []).map((one) => one.path);
    return paths
      .filter((path) => !places.some((place) => isInside(place, path)))
      .map(
        (path): Problem => [
          `--${role}-expected-artifact ${path}: expected a place that its sandbox can write, got one outside`,
          'put it in out_dir or the repository, or add its folder with --sandbox-write',
        ],
      );
  });
}
