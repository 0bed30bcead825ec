import { mkdirSync, rmdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { RolePlan } from '../../core/run-plan.ts';
import { isInside } from '../../formats/stored-path.ts';
import { identifyExecutable } from '../../process/identify-executable.ts';
import type { SandboxView } from '../../process/sandbox/mounts.ts';
import { lstatOrNull } from '../../store/file-kind.ts';
import { errnoOf } from '../../store/io-failure.ts';
import { evidencePaths } from '../../store/layout.ts';
import { stageView } from '../run/sandbox/stage-view.ts';
import type { Scene } from './scene.ts';

/** What the probe is started with. */
export interface ToShow {
  readonly role: RolePlan;
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly network: boolean;
  /** A folder of ours: one in it stands in out_dir's place. */
  readonly scratch: string;
}

/** What the stage would see in its sandbox, as of a first attempt: no earlier artifacts, an empty out_dir. */
export function probeView(scene: Scene, outDir: string, what: ToShow): SandboxView {
  const { plan, workTree, ports } = scene;
  const attemptFolder = join(what.scratch, 'out');
  mkdirSync(attemptFolder, { mode: 0o700 });
  for (const { path } of what.role.expectedArtifacts) {
    if (!isInside(outDir, path)) continue;
    mkdirSync(join(attemptFolder, relative(outDir, dirname(path))), { recursive: true, mode: 0o700 });
  }
  const cache = { digests: new Map<string, string>(), now: ports.clock.now };
  const { file, args, env, network } = what;
  const identity = identifyExecutable({ file, args, cwd: plan.repoRoot }, cache);
  return stageView(
    {
      plan,
      workTree,
      paths: evidencePaths(outDir, scene.request.checkpointPath),
      roots: { outDir, repoRoot: plan.repoRoot },
    },
    { artifacts: [] },
    {
      spec: what.role,
      script: identity.ok ? (identity.value.script?.path ?? null) : null,
      ...{ file, env, network, attemptFolder },
    },
  );
}

/**
 * Makes a folder that is not there yet, so that something can be mounted in its place, as a run would have made it.
 * What is returned removes what was made, as far as nobody has put anything in it.
 */
export function makeForNow(folder: string): () => void {
  const missing: string[] = [];
  for (let place = folder; lstatOrNull(place) === null; place = dirname(place)) missing.push(place);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return () => {
    try {
      for (const place of missing) rmdirSync(place);
    } catch (error) {
      errnoOf(error);
    }
  };
}
