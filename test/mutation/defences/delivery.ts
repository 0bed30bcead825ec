import type { Mutation } from '../mutation.ts';

const killed = (point: string): Mutation['noticedBy'] => ({ campaign: 'R17', tier: 'slice', point });

/** What keeps a delivery from being made twice. */
export const DELIVERY: readonly Mutation[] = [
  {
    name: 'delivery-same-commit',
    defence: 'an intended commit is made again to the same id',
    edits: [
      {
        file: 'src/operations/run/delivery/commit-step.ts',
        search: 'if (stands) return ok',
        replace: 'if (stands && plan.message === null) return ok',
      },
      {
        file: 'src/operations/run/delivery/commit-step.ts',
        search: 'date_unix_secs: Math.floor(context.ports.clock.now() / 1000)',
        replace: 'date_unix_secs: context.ports.pid',
      },
    ],
    noticedBy: killed('push after'),
  },
  {
    name: 'delivery-look-up-pull-request',
    defence: 'a pull request is looked up before one is opened',
    edits: [
      {
        file: 'src/operations/run/delivery/pull-request-step.ts',
        search: 'if (found === null) return port.open(words);',
        replace: "if (words.head !== '') return port.open(words);",
      },
    ],
    noticedBy: killed('POST after'),
  },
];
