import { ALL_PASS, type Rig } from '../../e2e/rig.ts';

/** A kind of run: the same operations in the same order each time. */
export interface Scenario {
  readonly name: string;
  /** Whether points lie at the operations of heartbeat and kernel lock, or at all others. */
  readonly guards: boolean;
  /** What the undisturbed run exits with. */
  readonly code: number;
  /** Arguments of an invocation before the one that is disturbed; it exits with `code`. */
  readonly before: { readonly args: (rig: Rig) => readonly string[]; readonly code: number } | null;
  /** Arguments of the run that is disturbed. */
  readonly args: (rig: Rig) => readonly string[];
  /** Arguments that go on with it where a checkpoint is. */
  readonly again: readonly string[];
}

const PASSED = `{"passed":true}`;
const ASKS = `{"passed":false,"next_step_plan":[{"priority":1,"source":"test","code":"X","action":"again"}]}`;
const NOT_REVIEWED = ALL_PASS.filter((_, index) => index < ALL_PASS.length - 2);
const RESUME = ['./out', '--resume', '--json'];

/** Three roles that leave an artifact each, and a validation command; named like the steps they run as. */
function roles(rig: Rig, bodies: Readonly<Record<string, string>> = {}): readonly string[] {
  const named = ['manager', 'executor', 'reviewer'].flatMap((role) => {
    const file = `"$ORCHESTRATOR_OUT_DIR/${role}.json"`;
    const body = `${bodies[role] ?? ''}\n[ -e ${file} ] || echo '${PASSED}' > ${file}`;
    return [
      ...[`--${role}-bin`, rig.agent(role, body)],
      ...[`--${role}-expected-artifact`, `out/${role}.json`],
    ];
  });
  return [...named, '--validation-bin', rig.agent('command-1'), '--kill-grace-ms', '200', '--json'];
}

/** The work that the executor does; synced, because the product answers for its evidence, not for the work tree. */
const WORK = 'echo done > result.txt; sync result.txt .';

/** Waits, three seconds at most, until the lock's guards are there: they come a moment after the start. */
const WAIT_FOR_GUARDS = `n=0; cd "$ORCHESTRATOR_OUT_DIR/.lock"
while [ $n -lt 300 ] && ! { [ -d heartbeat ] && ls ./*.kernel >/dev/null 2>&1; }; do n=$((n+1)); sleep 0.01; done
cd "$OLDPWD"`;

const FAILS_FIRST = `[ -n "$ORCHESTRATOR_REMEDIATION_CYCLE" ] || [ "$ORCHESTRATOR_EXECUTION_ATTEMPT" != 1 ] || exit 1\n${WORK}`;
const ASKS_FIRST = `[ -n "$ORCHESTRATOR_REMEDIATION_CYCLE" ] || echo '${ASKS}' > "$ORCHESTRATOR_OUT_DIR/reviewer.json"`;

/** Fails until the work folder's neighbour says so: what a person mends between two invocations. */
const FAILS_UNTIL_MENDED = `[ -e ../mended ] || { : > ../mended; exit 1; }\n${WORK}`;

const plain = (rig: Rig): readonly string[] => ['./out', ...ALL_PASS, ...roles(rig, { executor: WORK })];
const unreviewed = (rig: Rig): readonly string[] => [
  ...['./out', ...NOT_REVIEWED],
  ...roles(rig, { executor: WORK }),
];
const APPROVE = [...RESUME, '--review-status', 'approved'];

const BASE = { guards: false, code: 0, before: null, again: RESUME } as const;

/** Every kind of run, by name. */
export const SCENARIOS: readonly Scenario[] = [
  { ...BASE, name: 'plain', args: plain },
  {
    ...BASE,
    name: 'guarded',
    guards: true,
    args: (rig) => ['./out', ...ALL_PASS, ...roles(rig, { manager: WAIT_FOR_GUARDS, executor: WORK })],
  },
  { ...BASE, name: 'blocked', code: 3, args: unreviewed },
  {
    ...BASE,
    name: 'remediated',
    args: (rig) => [
      ...['./out', ...ALL_PASS, '--execution-max-iterations', '2', '--reviewer-remediation-max-cycles', '1'],
      ...roles(rig, { executor: FAILS_FIRST, reviewer: ASKS_FIRST }),
    ],
  },
  {
    ...BASE,
    name: 'approved',
    before: { args: unreviewed, code: 3 },
    args: () => APPROVE,
    again: APPROVE,
  },
  {
    ...BASE,
    name: 'resumed',
    before: {
      args: (rig) => ['./out', ...ALL_PASS, ...roles(rig, { executor: FAILS_UNTIL_MENDED })],
      code: 1,
    },
    args: () => RESUME,
  },
];

/** Throws where there is none of that name. */
export function scenarioOf(name: string): Scenario {
  const found = SCENARIOS.find((one) => one.name === name);
  if (found === undefined)
    throw new Error(`expected one of ${SCENARIOS.map((one) => one.name)}, got ${name}`);
  return found;
}
