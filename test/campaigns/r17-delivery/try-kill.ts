import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { type Delivery, deliverable, type Moment } from '../../e2e/delivery.ts';
import { createRig, EXECUTABLE, type Rig } from '../../e2e/rig.ts';

/** A moment of a delivery, or the n-th commit of the checkpoint, at which the orchestrator is killed. */
export type Point =
  | { readonly at: 'moment'; readonly moment: Moment; readonly times: number }
  | { readonly at: 'commit'; readonly nth: number; readonly side: 'before' | 'after' };

/** What one point came to. */
export interface Tried {
  readonly wrong: readonly string[];
  readonly pushes: number;
  readonly pullRequests: number;
  /** Requests to open one that came to the forge. */
  readonly posts: number;
}

const CHECKPOINT = 'out/orchestrator_checkpoint.json';

/** Kills a fresh run at the point, resumes it to its end, and counts what the remote and the forge were given. */
export async function tryKill(point: Point, shim: string | null): Promise<Tried> {
  const { rig, dispose } = createRig();
  const delivery = await deliverable(rig);
  try {
    const wrong: string[] = [];
    for (let time = 0; time < (point.at === 'moment' ? point.times : 1); time += 1) {
      const struck = await killOnce(rig, delivery, point, shim);
      if (!struck) wrong.push('the point was not reached');
    }
    const resume = () => rig.run(argsNow(rig, delivery), { env: delivery.env });
    let ended = await resume();
    // The remote may still be busy with the push that was cut off, and refuses the next one meanwhile.
    if (ended.code === 3 && ended.said.includes('DELIVERY_REFUSED')) ended = await resume();
    if (ended.code !== 0) wrong.push(`the resumed run ended ${ended.code}: ${ended.said.trim().slice(-600)}`);
    return { ...judge(rig, delivery, wrong), wrong: [...wrong, ...(await after(rig, delivery))] };
  } finally {
    await delivery.close();
    dispose();
  }
}

/** How often an undisturbed run commits its checkpoint. */
export async function countCommits(shim: string): Promise<number> {
  const { rig, dispose } = createRig();
  const delivery = await deliverable(rig);
  try {
    const log = join(rig.base, 'operations');
    const ended = await rig.run(delivery.args, {
      env: { ...delivery.env, ...shimEnv(rig, shim), FAULT_LOG: log },
    });
    if (ended.code !== 0) throw new Error(`the undisturbed run ended ${ended.code}: ${ended.said}`);
    const lines = rig.read(log).split('\n');
    return lines.filter((line) => line === `rename ${CHECKPOINT}`).length;
  } finally {
    await delivery.close();
    dispose();
  }
}

async function killOnce(rig: Rig, delivery: Delivery, point: Point, shim: string | null): Promise<boolean> {
  const args = argsNow(rig, delivery);
  if (point.at === 'moment') {
    const live = rig.start(args, { env: delivery.env });
    delivery.arm(point.moment, () => live.pid);
    const ended = await live.finished;
    return ended.signal === 'SIGKILL' && !delivery.isArmed();
  }
  if (shim === null) throw new Error('a commit is killed by the shim');
  const fault = {
    FAULT_DO: `kill-${point.side}`,
    FAULT_OP: 'rename',
    FAULT_PATH: CHECKPOINT,
    FAULT_AT: String(point.nth),
  };
  const ended = await rig.run(args, { env: { ...delivery.env, ...shimEnv(rig, shim), ...fault } });
  return ended.signal === 'SIGKILL';
}

/** A run that was killed before its first commit is started again. */
function argsNow(rig: Rig, delivery: Delivery): readonly string[] {
  return existsSync(join(rig.work, CHECKPOINT)) ? ['./out', '--resume'] : delivery.args;
}

function judge(rig: Rig, delivery: Delivery, wrong: string[]): Omit<Tried, 'wrong'> {
  const pushes = delivery.updates().length;
  const { opened } = delivery.forge.world;
  if (pushes !== 1) wrong.push(`the branch was updated ${pushes} times, expected once`);
  if (opened.length !== 1) wrong.push(`${opened.length} pull requests were opened, expected one`);
  const posts = delivery.forge.requests.filter((one) => one.method === 'POST').length;
  if (posts !== 1) wrong.push(`the forge was asked ${posts} times to open a pull request, expected once`);
  const { delivery: record } = rig.report();
  if (record?.push?.sha !== delivery.head()) wrong.push('the remote does not have what is recorded');
  if (record?.pull_request?.number !== opened[0]?.number) wrong.push('another pull request is recorded');
  return { pushes, pullRequests: opened.length, posts };
}

async function after(rig: Rig, delivery: Delivery): Promise<readonly string[]> {
  const verified = await rig.run(['verify', './out'], { env: delivery.env });
  const left = await rig.survivorsAfter(5_000);
  const again = await rig.run(['./out', '--resume'], { env: delivery.env });
  return [
    ...(verified.code === 0 ? [] : [`verify ended ${verified.code}`]),
    ...(again.code === 0 && delivery.updates().length === 1
      ? []
      : ['a resume of the done run delivers again']),
    ...left.map((process) => `left behind: ${process}`),
  ];
}

function shimEnv(rig: Rig, shim: string): Readonly<Record<string, string>> {
  return { LD_PRELOAD: shim, FAULT_EXE: realpathSync(EXECUTABLE), FAULT_ROOT: rig.work };
}
