import type { Live } from '../../e2e/live-process.ts';
import { createRig, until } from '../../e2e/rig.ts';
import type { Point } from '../faults/fault.ts';
import type { Ground, OpenGround } from '../faults/points.ts';
import { scenarioOf } from '../faults/scenario.ts';
import { createStand, type Stand } from '../faults/stand.ts';
import { goOn, inspectCrash, recordUndisturbed } from '../faults/try-point.ts';
import { createImage, FILE_SYSTEMS, type FileSystem, type Image } from './image.ts';

/** A ground whose work folder is a file system of its own. */
export interface DiskGround extends Ground {
  readonly image: Image;
}

/** `plain on ext4`. */
export function placeName(scenario: string, kind: FileSystem): string {
  return `${scenario} on ${kind}`;
}

/** Grounds for names made by `placeName`. */
export function onImages(shim: string): OpenGround<DiskGround> {
  return async (name, job) => {
    const [scenario = '', kindName] = name.split(' on ');
    const kind = FILE_SYSTEMS.find((one) => one === kindName);
    if (kind === undefined) throw new Error(`expected one of ${FILE_SYSTEMS.join(', ')}, got ${kindName}`);
    const { rig, dispose } = createRig();
    try {
      const image = createImage(kind, rig.base, rig.work);
      try {
        rig.gitRepo();
        await image.keep();
        const stand = createStand(rig, scenarioOf(scenario), shim);
        await job({ stand, image, undisturbed: await recordUndisturbed(stand) });
      } finally {
        await rig.survivorsAfter(5000);
        await image.dispose();
      }
    } finally {
      dispose();
    }
  };
}

/**
 * Cuts the power: stops the run at the point, copies the disk as it is, ends everything, and goes on with the copy in
 * the disk's place. Null where the run did not come to the point.
 */
export async function tryPowerCut(ground: DiskGround, { faults }: Point): Promise<readonly string[] | null> {
  const { stand, undisturbed, image } = ground;
  const [fault] = faults;
  if (fault === undefined) return null;
  await image.renew();
  await stand.reset();
  const live = stand.start(stand.scenario.args(stand.rig), fault);
  const held = await isHeld(stand, live);
  if (held) image.copy();
  live.signal('SIGKILL');
  const run = await live.finished;
  if (!held) return null;
  await stand.rig.survivorsAfter(5000);
  await image.swap();
  const crash = await inspectCrash(stand, run);
  return [...crash.problems, ...(await goOn(stand, crash, undisturbed))];
}

/** Waits until the shim holds the run; false when it ends instead. */
async function isHeld(stand: Stand, live: Live): Promise<boolean> {
  let ended = false;
  void live.exited.then(() => {
    ended = true;
  });
  await until('the run is held or ends', () => ended || stand.hasStruck());
  return stand.hasStruck();
}
