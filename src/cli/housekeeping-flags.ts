import type { CommandSpec } from './command-spec.ts';
import { type FlagSpec, numberKind, switchFlag, valueFlag } from './flag-spec.ts';
import { commonFlags, jsonFlag, noColorFlag } from './flags.ts';

const GROUP = 'Options';

/** Folders below the given one that are looked into, where `--depth` does not say. */
export const DEFAULT_DEPTH = 6;

const DEPTH: FlagSpec = valueFlag(numberKind('depth'), 'N', {
  name: 'depth',
  group: GROUP,
  help: 'how many folders deep runs are looked for',
  byDefault: String(DEFAULT_DEPTH),
});

const CLEAN: readonly FlagSpec[] = [
  valueFlag({ type: 'duration' }, 'D', {
    name: 'older-than',
    group: GROUP,
    help: 'only runs that ended at least so long ago, such as 30d',
  }),
  valueFlag(numberKind('keep'), 'N', {
    name: 'keep',
    group: GROUP,
    help: 'not the N newest runs, whatever their state',
  }),
  switchFlag({
    name: 'include-blocked',
    group: GROUP,
    help: 'blocked runs too, which somebody may still decide',
  }),
  switchFlag({
    name: 'include-resumable',
    group: GROUP,
    help: 'failed, timed out, interrupted and unfinished runs too, which a resume could take up',
  }),
  switchFlag({
    name: 'execute',
    group: GROUP,
    help: 'remove; without it only what would be removed is told',
  }),
];

/** The commands that look at many runs, by name. */
export const HOUSEKEEPING_COMMANDS = {
  list: {
    summary: 'list the runs below a folder, newest first, and how they stand',
    usage: 'orchestrator list [dir] [--depth N]',
    positionals: ['[dir]'],
    flags: () => [DEPTH, jsonFlag(), noColorFlag(), ...commonFlags()],
    examples: [['orchestrator list ./runs', '']],
  },
  diff: {
    summary: 'say in what two runs differ',
    usage: 'orchestrator diff OUT_A OUT_B [--exit-code]',
    positionals: ['OUT_A', 'OUT_B'],
    flags: () => [
      switchFlag({ name: 'exit-code', group: GROUP, help: 'exit 3 where they differ' }),
      jsonFlag(),
      noColorFlag(),
      ...commonFlags(),
    ],
    examples: [['orchestrator diff ./out-monday ./out-tuesday', '']],
  },
  clean: {
    summary: 'remove the evidence of old runs; without --execute only say what would go',
    usage: 'orchestrator clean [dir] --older-than D | --keep N [--execute]',
    positionals: ['[dir]'],
    flags: () => [...CLEAN, DEPTH, jsonFlag(), noColorFlag(), ...commonFlags()],
    examples: [
      ['orchestrator clean ./runs --older-than 30d --keep 20', 'what would go'],
      ['orchestrator clean ./runs --older-than 30d --keep 20 --execute', ''],
    ],
  },
} as const satisfies Readonly<Record<string, CommandSpec>>;
