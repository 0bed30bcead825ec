import { dirname } from 'node:path';
import type { Finding } from '../../core/doctor/finding.ts';
import { judgeWrite } from '../../core/doctor/judge-stage.ts';
import type { RolePlan } from '../../core/run-plan.ts';
import { type ProbeRun, runProbe } from './run-probe.ts';
import type { Scene } from './scene.ts';

/** Says of each folder, or the nearest one above it that exists, whether it may be written. Writes nothing. */
const SCRIPT = `for path in "$@"; do
  while [ ! -e "$path" ] && [ -n "$path" ]; do path=\${path%/*}; done
  if [ -d "\${path:-/}" ] && [ -w "\${path:-/}" ]; then echo yes; else echo no; fi
done`;

const LIMIT_MS = 10_000;

/** Asks a shell under the limits of the stage whether it can write where the stage has to. */
export async function probeWrites(
  scene: Scene,
  role: RolePlan,
  how: Pick<ProbeRun, 'env' | 'sandbox' | 'reaper' | 'scratch'> & {
    readonly stage: string;
    readonly where: string;
  },
): Promise<readonly Finding[]> {
  const { stage, where, ...start } = how;
  const places = [
    { what: 'a change', path: scene.workTree?.root ?? scene.plan.repoRoot },
    ...role.expectedArtifacts.map(({ path }) => ({ what: path, path: dirname(path) })),
  ];
  const args = ['-c', SCRIPT, 'sh', ...places.map(({ path }) => path)];
  const run = await runProbe(scene, { name: 'writes', file: '/bin/sh', args, limitMs: LIMIT_MS, ...start });
  const said = run.stdout.split('\n');
  const whole = run.end.kind === 'exited' && run.end.code === 0;
  const why = run.end.kind === 'not-started' ? run.end.message : 'a shell that was to look did not end well';
  return places.map(({ what, path }, index) => {
    const word = whole ? said[index] : undefined;
    const writable = word === 'yes' ? true : word === 'no' ? false : { unknown: why };
    return judgeWrite({ stage, what, path: path, writable, where });
  });
}
