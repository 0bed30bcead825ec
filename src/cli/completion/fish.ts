import {
  type Completed,
  type CompletedCommand,
  type CompletedFlag,
  firstWords,
  SECOND_WORDS,
  valuedWords,
} from './completed-commands.ts';

/** A script for fish. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const summaries = firstWords(commands).map((word) => {
    const summary =
      commands.find((one) => one.name === word)?.summary ?? 'look at a config file, or start one';
    return `complete -c orchestrator -n '__orchestrator_is ""' -a ${word} -d ${quoted(summary)}`;
  });
  return `# Completes orchestrator in fish: orchestrator completion fish | source
function __orchestrator_is
    set -l valued ${valuedWords(commands).join(' ')}
    set -l words (commandline -opc)
    set -e words[1]
    set -l given
    set -l passes no
    for word in $words
        if test $passes = yes
            set passes no
        else if contains -- $word $valued
            set passes yes
        else if not string match -q -- '-*' $word
            set -a given $word
        end
    end
    set -l command run
    if not set -q given[1]
        test "$argv[1]" = "" -o "$argv[1]" = run
        return
    end
    if contains -- $given[1] ${firstWords(commands).join(' ')}
        set command $given[1]
        if test $command = config; and set -q given[2]
            set command "config $given[2]"
        end
    end
    test "$argv[1]" = $command
end
complete -c orchestrator -f
${summaries.join('\n')}
complete -c orchestrator -n '__orchestrator_is config' -a '${SECOND_WORDS.join(' ')}'
${commands.flatMap(linesOf).join('\n')}
`;
}

function linesOf(command: CompletedCommand): readonly string[] {
  const where = `complete -c orchestrator -n '__orchestrator_is "${command.name}"'`;
  const positional = action(command.positional);
  return [
    ...command.flags.map((flag) => `${where} ${flagWords(flag)} -d ${quoted(flag.help)}`),
    ...(positional === '' ? [] : [`${where} ${positional}`]),
  ];
}

function flagWords(flag: CompletedFlag): string {
  const letter = flag.letter === null ? '' : ` -s ${flag.letter.slice(1)}`;
  return `-l ${flag.word.slice(2)}${letter}${valueWords(flag.value)}`;
}

/**
 * `-x`: a value, and no file in its place. fish gives words that have no description the one of their flag, which says
 * nothing of them: an empty one stands behind each.
 */
function valueWords(value: Completed | null): string {
  if (value === null) return '';
  if (value.kind === 'words') return ` -x -a '${value.words.map((word) => `${word}\\t`).join(' ')}'`;
  return value.kind === 'file' ? ' -r -F' : ` -x ${action(value)}`.trimEnd();
}

function action(completed: Completed): string {
  switch (completed.kind) {
    case 'words':
      return `-a '${completed.words.join(' ')}'`;
    case 'file':
      return '-F';
    case 'folder':
      return "-a '(__fish_complete_directories)'";
    case 'nothing':
      return '';
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, (sign) => `\\${sign}`)}'`;
}
