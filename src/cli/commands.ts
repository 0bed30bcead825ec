import { approveFlags } from './approve-flags.ts';
import type { CommandSpec } from './command-spec.ts';
import { doctorFlags } from './doctor.ts';
import { type FlagSpec, numberKind, switchFlag, valueFlag } from './flag-spec.ts';
import { commonFlags, jsonFlag, noColorFlag, runFlags } from './flags.ts';
import { HOUSEKEEPING_COMMANDS } from './housekeeping-flags.ts';
import { stateKeyFlags } from './state-key-flags.ts';

/** The commands that this version has. `config …` is three, told apart by their second word. */
export const COMMAND_NAMES = [
  'run',
  'report',
  'explain',
  'verify',
  'approve',
  'doctor',
  'list',
  'diff',
  'clean',
  'config validate',
  'config print',
  'config init',
  'schema',
  'completion',
  'help',
] as const;
export type CommandName = (typeof COMMAND_NAMES)[number];

/** Names that later versions need (spec section 1): using one now as an out_dir would change its meaning then. */
export const RESERVED_NAMES = [
  ...['init', 'gaps', 'plan', 'autopilot'],
  ...[
    'approvals',
    'worker',
    'serve',
    'mode',
    'preflight',
    'cycle',
    'incident',
    'pause',
    'unpause',
    'rollback',
  ],
  ...['alerts', 'review', 'tidy', 'status'],
] as const;

/** The second words of `config`. */
export const CONFIG_WORDS = ['validate', 'print', 'init'] as const;

/** What `report` can print: the formats of `operations/report.ts`, which is loaded only when it is asked for. */
export const REPORT_FORMATS = ['text', 'json', 'markdown', 'html', 'junit', 'github'] as const;

/** The shells that `completion` writes for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

const CHECKPOINT: FlagSpec = valueFlag({ type: 'path' }, 'P', {
  name: 'checkpoint-path',
  group: 'Options',
  help: 'where the checkpoint is',
  byDefault: '<out_dir>/orchestrator_checkpoint.json',
});

const EVIDENCE: readonly FlagSpec[] = [CHECKPOINT, ...stateKeyFlags('Options')];

const REQUIRE_AUTHENTIC: FlagSpec = switchFlag({
  name: 'require-authentic',
  group: 'Options',
  help: 'refuse, exit 1, evidence that is not proven to be written with the state key',
});

const TRUST: readonly FlagSpec[] = [
  valueFlag({ type: 'path' }, 'P', {
    name: 'key',
    group: 'Options',
    help: 'refuse, exit 1, a run whose report is not signed with the private half of this Ed25519 public key (PEM)',
    repeatable: true,
  }),
  valueFlag(numberKind('key_threshold'), 'N', {
    name: 'key-threshold',
    group: 'Options',
    help: 'how many different ones of these keys must have signed',
    byDefault: '1',
  }),
];

const STARTER_POLICY: FlagSpec = switchFlag({
  name: 'policy',
  group: 'Options',
  help: 'also write a policy to start from, and the settings that make it decide',
});

function formatFlag(choices: readonly string[], byDefault: string): FlagSpec {
  return valueFlag({ type: 'choice', choices }, choices.join('|'), {
    name: 'format',
    group: 'Options',
    help: 'what to print',
    byDefault,
  });
}

/** Every command, by name. */
export const COMMANDS: Readonly<Record<CommandName, CommandSpec>> = {
  run: {
    summary: 'run the stages, decide the gates, leave evidence (the command when none is named)',
    usage: 'orchestrator [run] [out_dir] [flags]',
    positionals: ['[out_dir]'],
    flags: runFlags,
    examples: [],
  },
  report: {
    summary: 'print what a run did, from its evidence',
    usage: 'orchestrator report [out_dir] [--format F]',
    positionals: ['[out_dir]'],
    flags: () => [formatFlag(REPORT_FORMATS, 'text'), ...EVIDENCE, noColorFlag(), ...commonFlags()],
    examples: [
      ['orchestrator report ./out --format html > report.html', 'one file, to look at'],
      ['orchestrator report ./out --format markdown', 'for a pull request'],
    ],
  },
  explain: {
    summary: 'say why a run is not done, and the next command to type',
    usage: 'orchestrator explain [out_dir]',
    positionals: ['[out_dir]'],
    flags: () => [...EVIDENCE, jsonFlag(), noColorFlag(), ...commonFlags()],
    examples: [
      ['orchestrator explain ./out', ''],
      ['orchestrator help failures#stage_failed', 'the section behind docs:'],
    ],
  },
  verify: {
    summary: 'check that a run is closure-ready: exit 0 done, 3 blocked, 1 anything else',
    usage: 'orchestrator verify [out_dir]',
    positionals: ['[out_dir]'],
    flags: () => [...EVIDENCE, REQUIRE_AUTHENTIC, ...TRUST, jsonFlag(), noColorFlag(), ...commonFlags()],
    examples: [
      ['orchestrator verify ./out && ./deploy.sh', ''],
      ['orchestrator verify ./out --require-authentic --state-key-file ~/keys/ci.key', ''],
      ['orchestrator verify ./out --key ci.pub.pem', 'signed, too'],
    ],
  },
  approve: {
    summary: 'sign a word on one gate of a run, to be read by --review-from file:PATH',
    usage: 'orchestrator approve [out_dir] --key PRIVATE.pem',
    positionals: ['[out_dir]'],
    flags: () => [...approveFlags(), ...EVIDENCE, jsonFlag(), noColorFlag(), ...commonFlags()],
    examples: [
      ['orchestrator approve ./out --key ~/keys/me.pem', 'review, for a day'],
      ['orchestrator approve ./out --key ~/keys/me.pem --gate policy --expires 2h', ''],
    ],
  },
  doctor: {
    summary: 'look whether a run could do its work here, and say what to do where not',
    usage: 'orchestrator doctor [out_dir] [--stage ROLE] [flags of a run]',
    positionals: ['[out_dir]'],
    flags: doctorFlags,
    examples: [
      ['orchestrator doctor', ''],
      ['orchestrator doctor ./out --config orchestrator.yaml --stage executor', ''],
    ],
  },
  ...HOUSEKEEPING_COMMANDS,
  'config validate': {
    summary: 'check a config file and name every mistake in it',
    usage: 'orchestrator config validate FILE',
    positionals: ['FILE'],
    flags: () => [jsonFlag(), ...commonFlags()],
    examples: [['orchestrator config validate orchestrator.yaml', '']],
  },
  'config print': {
    summary: 'print a config file with every default filled in',
    usage: 'orchestrator config print [FILE]',
    positionals: ['[FILE]'],
    flags: () => [jsonFlag(), ...commonFlags()],
    examples: [['orchestrator config print orchestrator.yaml --json', '']],
  },
  'config init': {
    summary: 'write a config file to start from',
    usage: 'orchestrator config init [FILE] [--format yaml|json] [--policy]',
    positionals: ['[FILE]'],
    flags: () => [
      formatFlag(['yaml', 'json'], "the file's extension, else yaml"),
      STARTER_POLICY,
      ...commonFlags(),
    ],
    examples: [
      ['orchestrator config init', 'writes orchestrator.yaml'],
      ['orchestrator config init --policy', 'and a policy'],
    ],
  },
  schema: {
    summary: 'print the JSON Schema of a document, or the names of all',
    usage: 'orchestrator schema [NAME]',
    positionals: ['[NAME]'],
    flags: () => commonFlags(),
    examples: [['orchestrator schema config > config.schema.json', '']],
  },
  completion: {
    summary: 'print a script that completes command lines in a shell',
    usage: `orchestrator completion ${SHELLS.join('|')}`,
    positionals: ['SHELL'],
    flags: () => commonFlags(),
    examples: [
      ['. <(orchestrator completion bash)', 'for this shell; zsh likewise'],
      ['orchestrator completion fish | source', ''],
    ],
  },
  help: {
    summary: 'print the help of a command, of a code, or the manual page',
    usage: 'orchestrator help [COMMAND|CODE|PAGE|man]',
    positionals: ['[COMMAND]', '[WORD]'],
    flags: () => [switchFlag({ name: 'help', group: 'Options', help: 'print this', letter: 'h' })],
    examples: [
      ['orchestrator help report', ''],
      ['orchestrator help GATE_CI_NOT_SUCCESS', 'what it means, and what to do'],
      ['orchestrator help man > orchestrator.1', 'for man(1)'],
    ],
  },
};
