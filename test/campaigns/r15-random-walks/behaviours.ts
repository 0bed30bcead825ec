import type { Rig } from '../../e2e/rig.ts';

/** What an agent does at one start. */
export const BEHAVIOURS = [
  'succeeds',
  'changes the tree',
  'commits',
  'fails',
  'leaves nothing',
  'leaves garbage',
  'rejects',
  'asks',
  'times out',
  'hangs',
] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

/** Makes the agent of a step: at its n-th start in an invocation it does what the n-th line of its plan says. */
export function makeAgent(rig: Rig, step: string): string {
  const artifact = `"$ORCHESTRATOR_OUT_DIR/${step}.json"`;
  const plan = `'${planFile(rig, step)}'`;
  const leaves = (text: string): string =>
    step.startsWith('command-') ? '' : `echo '${text}' > ${artifact}; `;
  const passes = leaves('{"passed":true}');
  const asks = '{"passed":false,"next_step_plan":[{"priority":1,"source":"r","code":"X","action":"again"}]}';
  const commit = 'git add -A && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m x';
  return rig.agent(
    step,
    `n=$(($(cat ${plan}.count) + 1)); echo $n > ${plan}.count
case "$(sed -n "$n"p ${plan})" in
  succeeds) ${passes}: ;;
  'changes the tree') echo more >> tree.txt; ${passes}: ;;
  commits) ${commit} 2>/dev/null; ${passes}: ;;
  fails) exit 1 ;;
  'leaves nothing') : ;;
  'leaves garbage') ${leaves('{')}: ;;
  rejects) ${leaves('{"passed":false}')}: ;;
  asks) ${leaves(asks)}: ;;
  'times out') sleep ${rig.nap} ;;
  hangs) : > ${plan}.hangs; sleep ${rig.nap} ;;
  *) exit 9 ;;
esac`,
  );
}

/** Where the plan of a step is, with `.count` and `.hangs` beside it: outside the work tree. */
export function planFile(rig: Rig, step: string): string {
  return `${rig.base}/plan-${step}`;
}
