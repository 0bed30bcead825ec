import { existsSync, readdirSync, rmSync } from 'node:fs';
import type { Rig } from '../../e2e/rig.ts';

/** What a run that ended by itself has left and should not have, in words. */
export function leftBehind(rig: Rig): readonly string[] {
  const temporary = readdirSync(`${rig.base}/tmp`).map((name) => `TMPDIR has ${name}`);
  const unfinished = readdirSync(rig.out, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.tmp'))
    .map((name) => `the out_dir has ${name}`);
  return [...temporary, ...unfinished, ...leftOfGit(rig), ...leftOfLock(readdirSync(`${rig.out}/.lock`))];
}

/** The folder for git's private files stays, with nothing in it. */
function leftOfGit(rig: Rig): readonly string[] {
  const folder = `${rig.out}/.lock/git`;
  return existsSync(folder) ? readdirSync(folder).map((name) => `git has left ${name}`) : [];
}

/** Given back, the lock's folder holds one number, as held and as free. */
function leftOfLock(all: readonly string[]): readonly string[] {
  const names = all.filter((name) => name !== 'git');
  const numbers = new Set(names.map((name) => name.split('.')[0]));
  const isGivenBack =
    names.length === 2 && numbers.size === 1 && names.some((name) => name.endsWith('.free'));
  return isGivenBack ? [] : [`the lock's folder has ${names.join(', ')}`];
}

/** Forgets that an agent was up. */
export function removeUp(rig: Rig): void {
  rmSync(`${rig.base}/up`, { force: true });
}
