import { chmodSync, copyFileSync, existsSync, readFileSync } from 'node:fs';
import type { Finished } from '../../e2e/live-process.ts';
import { EXECUTABLE, type Rig } from '../../e2e/rig.ts';
import type { Condition } from './conditions.ts';

/** Longer than this is a hang (the promise), ms. */
const LIMIT_MS = 10_000;
/** For `--version`, which takes a few hundredths of a second, ms. */
const START_LIMIT_MS = 3_000;

/** A call under a condition: `code` is the executable's own, whatever the shell around it made of it. */
export interface LimitedRun {
  readonly code: number | null;
  readonly run: Finished;
}

/** Runs the executable under the condition. `uid` is for those that are tried as a user of its own. */
export async function limitedRun(
  rig: Rig,
  condition: Condition,
  call: { readonly args: readonly string[]; readonly uid: number; readonly limitMs?: number },
): Promise<LimitedRun> {
  const codeFile = `${rig.base}/code`;
  rig.write(codeFile, '', 0o666);
  const user = condition.asOther ? asOther(rig, call.uid) : [];
  const script = `exe=$1; shift; ${condition.asOther ? `exe='${rig.base}/executable'; ` : ''}{ ( ${condition.limit}; exec "$exe" "$@" ); echo $? > '${codeFile}'; } ${condition.plumbing}`;
  const through = [...user, '/bin/bash', '-c', script, 'bash'];
  const run = await rig.run(call.args, { through, limitMs: call.limitMs ?? LIMIT_MS });
  const code = readFileSync(codeFile, 'utf8').trim();
  return { code: code === '' ? null : Number(code), run };
}

/** Whether the runtime starts at all under the condition: `--version` answers before anything else is loaded. */
export async function runtimeStarts(rig: Rig, condition: Condition, uid: number): Promise<boolean> {
  if (condition.limit === ':') return true;
  const call = { args: ['--version'], uid, limitMs: START_LIMIT_MS };
  const { code } = await limitedRun(rig, { ...condition, plumbing: '' }, call);
  return code === 0;
}

/** The prefix that makes it another user, who gets an executable and a folder that are within reach. */
function asOther(rig: Rig, uid: number): readonly string[] {
  const copy = `${rig.base}/executable`;
  if (!existsSync(copy)) {
    copyFileSync(EXECUTABLE, copy);
    chmodSync(copy, 0o755);
    for (const folder of [rig.base, rig.work]) chmodSync(folder, 0o777);
  }
  return ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
}
