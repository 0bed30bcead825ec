import { failure } from '../../../src/core/failure.ts';
import type { Effect, RunOrder } from '../../../src/core/machine/effect.ts';
import type { RunEvent } from '../../../src/core/machine/event.ts';
import { bind, signalsFor } from './gates.ts';
import type { Invocation } from './invocation.ts';
import { outcomeOf } from './outcome.ts';
import type { World } from './world.ts';

/** What comes of a deed. */
export interface Answered {
  readonly world: World;
  /** Null where the orchestrator is killed. */
  readonly event: RunEvent | null;
}

/** What is going on in an invocation: how often each step was started so far. */
export interface Course {
  readonly invocation: Invocation;
  readonly counts: Map<string, number>;
}

/** What performing a deed leads to. */
export function answer(world: World, deed: Effect, course: Course): Answered {
  const tree = judged(world);
  const closed = world.state.status === 'pending' ? null : world.state.progress.closed;
  const signals = signalsFor(world.assertions, tree, closed);
  switch (deed.type) {
    case 'write-context':
      return { world, event: { type: 'context-written', commands: 0 } };
    case 'run':
      return run(world, deed.order, course);
    case 'read-admission':
      return { world, event: { type: 'admission-read', signals } };
    case 'take-tree':
      return { world, event: { type: 'tree-taken', digest: digestOf(world) } };
    case 'compare-tree': {
      const same = deed.tree.digest === digestOf(world);
      const assertions = same || tree === null ? world.assertions : bind(world.assertions, tree);
      return { world: { ...world, assertions }, event: { type: 'tree-compared', same, signals } };
    }
    case 'check-evidence':
      return { world, event: { type: 'evidence-checked', changed: null } };
    case 'read-diff-admission': {
      const { policy } = tree === null ? {} : bind(world.assertions, tree);
      const assertions = policy === undefined ? world.assertions : { ...world.assertions, policy };
      return { world: { ...world, assertions }, event: { type: 'diff-admission-read', signals } };
    }
    case 'deliver': {
      const isNothing = deed.step === 'commit' && world.tree === world.base;
      const refused = isNothing ? { code: 'DELIVERY_REFUSED' as const, signals } : null;
      return { world, event: { type: 'delivered', refused } };
    }
    case 'read-gates': {
      const assertions = tree === null ? world.assertions : bind(world.assertions, tree);
      return { world: { ...world, assertions }, event: { type: 'gates-read', signals } };
    }
    default:
      throw new Error(`${deed.type} brings no event`);
  }
}

function run(world: World, order: RunOrder, { invocation, counts }: Course): Answered {
  const { plans, signal } = invocation;
  const { step } = order.run;
  const count = counts.get(step) ?? 0;
  counts.set(step, count + 1);
  const behaviour = plans[step]?.[count];
  if (behaviour === undefined) throw new Error(`${step} has no plan for its start ${count + 1}`);
  if (behaviour === 'hangs') {
    const left = world.left.filter((one) => one !== step);
    if (signal === 'SIGKILL') return { world: { ...world, left, cutOff: order.stage }, event: null };
    const records = [...world.records, `${order.stage} cancelled`];
    const why = failure('interrupted', signal, { signal });
    return { world: { ...world, records }, event: { type: 'interrupted', failure: why } };
  }
  const { status, end, leaves } = outcomeOf(behaviour, { step, wasLeft: world.left.includes(step) });
  const changes = behaviour === 'changes the tree' && world.tree !== null;
  const after = {
    ...world,
    tree: changes ? (world.tree ?? 0) + 1 : world.tree,
    head: behaviour === 'commits' ? (world.tree ?? 0) : world.head,
    left: leaves ? [...new Set([...world.left, step])] : world.left,
    records: [...world.records, `${order.stage} ${status}`],
  };
  return { world: after, event: { type: 'command-ended', end } };
}

/** The content that was judged; outside git it is the validation that judged it. */
function judged({ state }: World): string | null {
  if (state.status === 'pending' || state.progress.tree === null) return null;
  const { tree, attempts } = state.progress;
  return tree.digest ?? `validation ${attempts.validation}`;
}

function digestOf({ tree }: World): string | null {
  return tree === null ? null : `tree ${tree}`;
}
