import {
  type Completed,
  type CompletedCommand,
  firstWords,
  SECOND_WORDS,
  valuedWords,
} from './completed-commands.ts';

/**
 * A script for bash, from 3.2 on (what macOS has); needs no bash-completion. Every word in it is one of our tables'
 * and is made of letters, digits and dashes.
 */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const flags = commands.map((one) => `    '${one.name}') flags='${flagWords(one).join(' ')}' ;;`);
  const positionals = commands.map((one) => `    '${one.name}') ${action(one.positional)} ;;`);
  return `# Completes orchestrator in bash: . <(orchestrator completion bash)
${MATCHING}
_orchestrator() {
  local cur=\${COMP_WORDS[COMP_CWORD]} flag='' command=run first='' flags='' previous='' index word
  COMPREPLY=()
${reading(commands)}
  if [ -n "$flag" ]; then
    _orchestrator_value "$command $flag"
    return
  fi
  case $command in
${flags.join('\n')}
  esac
  case $cur in
    -*) _orchestrator_words "$flags"; return ;;
  esac
  if [ "$command" = config ]; then
    _orchestrator_words '${SECOND_WORDS.join(' ')}'
    return
  fi
  case $command in
${positionals.join('\n')}
  esac
  [ -n "$first" ] || _orchestrator_words '${firstWords(commands).join(' ')}'
}
_orchestrator_value() {
  case $1 in
${commands.flatMap(valueCases).join('\n')}
  esac
}
complete -F _orchestrator orchestrator
`;
}

/** Finds the command, and the flag whose value is being typed. bash takes `--flag=value` apart at the `=`. */
function reading(commands: readonly CompletedCommand[]): string {
  return `  if [ "$cur" = = ]; then cur='' flag=\${COMP_WORDS[COMP_CWORD-1]}
  elif [ "$COMP_CWORD" -ge 3 ] && [ "\${COMP_WORDS[COMP_CWORD-1]}" = = ]; then flag=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    if [ -n "$previous" ]; then
      [ "$word" = = ] || previous=''
      continue
    fi
    case $word in
      --) [ -n "$first" ] || first=-- ;;
      ${valuedWords(commands).join(' | ')}) previous=$word ;;
      -* | = | :) ;;
      *)
        if [ -z "$first" ]; then
          first=$word
          case $word in ${firstWords(commands).join(' | ')}) command=$word ;; esac
        elif [ "$command" = config ]; then
          command="config $word"
        fi
        ;;
    esac
  done
  [ -n "$flag" ] || flag=$previous`;
}

function flagWords(command: CompletedCommand): readonly string[] {
  return command.flags.flatMap((flag) => (flag.letter === null ? [flag.word] : [flag.word, flag.letter]));
}

function valueCases(command: CompletedCommand): readonly string[] {
  return command.flags.flatMap((flag) =>
    flag.value === null ? [] : [`    '${command.name} ${flag.word}') ${action(flag.value)} ;;`],
  );
}

/** Names of files are taken line by line: nothing in them is split or expanded. */
const MATCHING = `_orchestrator_words() {
  local one
  while IFS= read -r one; do COMPREPLY+=("$one"); done < <(compgen -W "$1" -- "$cur")
}
_orchestrator_names() {
  local one
  compopt -o filenames 2>/dev/null
  while IFS= read -r one; do COMPREPLY+=("$one"); done < <(compgen "$1" -- "$cur")
}`;

function action(completed: Completed): string {
  switch (completed.kind) {
    case 'words':
      return `_orchestrator_words '${completed.words.join(' ')}'`;
    case 'file':
      return '_orchestrator_names -f';
    case 'folder':
      return '_orchestrator_names -d';
    case 'nothing':
      return ':';
  }
}
