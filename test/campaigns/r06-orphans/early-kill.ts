import { ALL_PASS, type Rig, until } from '../../e2e/rig.ts';
import { leftAfter, type Tally } from './try-end.ts';

/** An agent that tries to get away as soon as it runs. */
const SCRIPT = 'setsid sleep N & env -i setsid sleep N & sleep N';

/** Kills the orchestrator so many ms after the agent has said that it runs. */
export async function killAfterSpawn(rig: Rig, delayMs: number, tally: Tally): Promise<readonly string[]> {
  const live = rig.start(argumentsOf(rig));
  await until('the agent starts', () => rig.ledger().length > 0);
  await pause(delayMs);
  return killNow(rig, live, tally);
}

/**
 * Kills the orchestrator so many ms after its own start: over a range of them, the kill falls before, into and
 * behind the spawn of the agent, which the other way can only see from behind.
 */
export async function killAfterStart(rig: Rig, delayMs: number, tally: Tally): Promise<readonly string[]> {
  const live = rig.start(argumentsOf(rig));
  await pause(delayMs);
  return killNow(rig, live, tally);
}

async function killNow(rig: Rig, live: ReturnType<Rig['start']>, tally: Tally): Promise<readonly string[]> {
  live.signal('SIGKILL');
  await live.exited;
  return leftAfter(rig, tally, true);
}

function argumentsOf(rig: Rig): readonly string[] {
  const agent = rig.agent('early', SCRIPT.replaceAll(/\bN\b/g, rig.nap));
  return ['./out', ...ALL_PASS, '--manager-bin', agent];
}

/** When to strike is what this is about; nothing is waited for. */
function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
