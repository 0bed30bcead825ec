import {
  type Completed,
  type CompletedCommand,
  type CompletedFlag,
  firstWords,
  SECOND_WORDS,
  valuedWords,
} from './completed-commands.ts';

/** A script for zsh: sourced after `compinit`, or as a file `_orchestrator` in a folder of `fpath`. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  // What follows the first colon is taken as it stands.
  const described = firstWords(commands).map((word) =>
    quoted(`${escaped(word)}:${summaryOf(word, commands)}`),
  );
  return `#compdef orchestrator
# Completes orchestrator in zsh: . <(orchestrator completion zsh)
_orchestrator_first() {
  local -a commands
  commands=(
    ${described.join('\n    ')}
  )
  _alternative 'commands:command:((\${(q)commands}))' 'folders:out_dir:_files -/'
}
_orchestrator() {
  local command=run word
  local -i at=2
  local -a valued
  valued=(${valuedWords(commands).join(' ')})
  while (( at < CURRENT )); do
    word=$words[at]
    if [[ $word == -- ]]; then break
    elif (( \${valued[(Ie)$word]} )); then (( at += 2 ))
    elif [[ $word == -* ]]; then (( at += 1 ))
    else
      case $word in
        (${firstWords(commands).join('|')})
          command=$word
          words[at]=()
          (( CURRENT -= 1 ))
          ;;
      esac
      break
    fi
  done
  if [[ $command == config ]]; then
    if (( at >= CURRENT )); then
      compadd -- ${SECOND_WORDS.join(' ')}
      return
    fi
    command="config $words[at]"
    words[at]=()
    (( CURRENT -= 1 ))
  fi
  case $command in
${commands.map(caseOf).join('\n')}
  esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _orchestrator "$@"; else compdef _orchestrator orchestrator; fi
`;
}

function caseOf(command: CompletedCommand): string {
  const first = command.name === 'run' ? '1: :_orchestrator_first' : `*: :${action(command.positional)}`;
  const specs = [...command.flags.flatMap(specsOf), first];
  return `    (${quoted(command.name)})
      _arguments -S \\
        ${specs.map(quoted).join(' \\\n        ')}
      ;;`;
}

/** What `_arguments` takes for a flag: `*` before it where it may be repeated, `=` behind it for a value. */
function specsOf(flag: CompletedFlag): readonly string[] {
  const star = flag.repeatable ? '*' : '';
  const help = `[${escaped(flag.help)}]`;
  const value = flag.value === null ? '' : `:value:${action(flag.value)}`;
  const letter = flag.letter === null ? [] : [`${flag.letter}${help}`];
  return [`${star}${flag.word}${flag.value === null ? '' : '='}${help}${value}`, ...letter];
}

function action(completed: Completed): string {
  switch (completed.kind) {
    case 'words':
      return `(${completed.words.join(' ')})`;
    case 'file':
      return '_files';
    case 'folder':
      return '_files -/';
    case 'nothing':
      return ' ';
  }
}

function summaryOf(word: string, commands: readonly CompletedCommand[]): string {
  return commands.find((one) => one.name === word)?.summary ?? 'look at a config file, or start one';
}

function escaped(text: string): string {
  return text.replaceAll(/[\\:[\]]/g, (sign) => `\\${sign}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
