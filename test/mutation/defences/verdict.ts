import type { Mutation } from '../mutation.ts';

const DECIDE = 'src/core/gates/decide-gates.ts';
const codes = (point: string): Mutation['noticedBy'] => ({ campaign: 'R11', tier: 'fast', point });

const walk = (seed: number): Mutation['noticedBy'] => ({
  campaign: 'R15',
  tier: 'fast',
  point: `walk ${seed}`,
});

/** What keeps exit code 0 for an all-pass. */
export const VERDICT: readonly Mutation[] = [
  {
    name: 'gate-default',
    defence: 'a gate that nobody spoke about is closed',
    edits: [
      {
        file: DECIDE,
        search: 'signal !== undefined && signal.status === PASS_STATUS[gate]',
        replace: '(signal?.status ?? PASS_STATUS[gate]) === PASS_STATUS[gate]',
      },
      {
        file: DECIDE,
        search: 'status: signal?.status ?? ABSENT_STATUS[gate]',
        replace: 'status: signal?.status ?? PASS_STATUS[gate]',
      },
    ],
    noticedBy: codes('blocked at closure, report present'),
  },
  {
    name: 'gate-exact-word',
    defence: 'only the exact word opens a gate',
    edits: [
      {
        file: DECIDE,
        search: 'signal !== undefined && signal.status === PASS_STATUS[gate]',
        replace: "signal !== undefined && signal.status !== 'missing'",
      },
      {
        file: DECIDE,
        search: '        decision.status === PASS_STATUS[gate] &&\n',
        replace: '',
      },
    ],
    noticedBy: codes('gates allow/failure/approved'),
  },
  {
    name: 'admission',
    defence: 'policy must allow before the executor starts',
    edits: [
      {
        file: 'src/core/machine/transition.ts',
        search:
          "    if (!evaluateGate('policy', event.signals.policy).passed) return block(progress, event.signals, []);\n",
        replace: '',
      },
    ],
    noticedBy: {
      test: 'test/e2e/gates.test.ts',
      name: 'policy is admission: unless it allows, the executor never starts',
    },
  },
  {
    name: 'simulated-block',
    defence: '--simulate-blocked',
    edits: [
      {
        file: 'src/core/machine/transition.ts',
        search: 'if (!allPassed(decisions) || extra.length > 0)',
        replace: 'if (!allPassed(decisions))',
      },
    ],
    noticedBy: codes('exit 3, simulated'),
  },
  {
    name: 'tree-comparison-at-closure',
    defence: 'comparison of the work tree at closure',
    edits: [
      {
        file: 'src/core/machine/pipeline.ts',
        search: "{ do: 'check-evidence' }, { do: 'compare-tree' }, { do: 'deliver' }",
        replace: "{ do: 'check-evidence' }, { do: 'deliver' }",
      },
    ],
    noticedBy: codes('exit 3, the work tree changed after it was validated'),
  },
  {
    name: 'approval-for-one-content',
    defence: 'what was asserted of one content does not count for another',
    edits: [
      {
        file: 'src/operations/run/gates.ts',
        search: 'document: tree === null ? document :',
        replace: "document: tree !== '' ? document :",
      },
    ],
    noticedBy: walk(20261140),
  },
  {
    name: 'undecided-assertions',
    defence: 'what a closed run was told since is decided, also after an interruption',
    edits: [
      {
        file: 'src/operations/run/gates.ts',
        search: 'signalsOfClosed(closed, fresh, decidedAnew(context, document))',
        replace: 'signalsOfClosed(closed, fresh, new Set())',
      },
    ],
    noticedBy: walk(20261131),
  },
  {
    name: 'changes-of-completed-stages',
    defence: 'a change to a completed stage is refused',
    edits: [
      {
        file: 'src/operations/run/judge-resume.ts',
        search: '  if (!changes.ok) return changes;\n',
        replace: '  if (!changes.ok) return ok({ config, changes: [] });\n',
      },
    ],
    noticedBy: walk(20261130),
  },
  {
    name: 'reviewer-verdict',
    defence: 'a reviewer must say passed: true',
    edits: [
      {
        file: 'src/core/judge-attempt.ts',
        search: "if (reviewer === null || reviewer.said === 'passed') return null;",
        replace: "if (reviewer === null || reviewer.said !== 'unusable') return null;",
      },
    ],
    noticedBy: {
      test: 'test/e2e/reviewer.test.ts',
      name: 'only passed: true passes, whatever the exit code',
    },
  },
];
