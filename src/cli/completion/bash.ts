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
  const flags = commands.map(
    (one) =>
      `    '${one.name}') flags='${one.flags.flatMap((flag) => [flag.word, ...(flag.letter === null ? [] : [flag.letter])]).join(' ')}' ;;`,
  );
  const positionals = commands.map((one) => `    '${one.name}') ${action(one.positional)} ;;`);
  const values = commands.flatMap((one) =>
    one.flags.flatMap((flag) =>
      flag.value === null ? [] : [`    '${one.name} ${flag.word}') ${action(flag.value)} ;;`],
    ),
  );
  return `# Completes orchestrator in bash: . <(orchestrator completion bash)
${MATCHING}
_orchestrator() {
  local cur=\${COMP_WORDS[COMP_CWORD]} flag='' command=run first='' flags='' index word
  COMPREPLY=()
  # bash takes --flag=value apart at the "=".
  if [ "$cur" = = ]; then cur='' flag=\${COMP_WORDS[COMP_CWORD-1]}
  elif [ "$COMP_CWORD" -ge 3 ] && [ "\${COMP_WORDS[COMP_CWORD-1]}" = = ]; then flag=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  local last=$((COMP_CWORD - 1)) previous=''
  for ((index = 1; index <= last; index++)); do
    word=\${COMP_WORDS[index]}
    if [ -n "$previous" ]; then
      [ "$word" = = ] && continue
      previous=''
      continue
    fi
    case $word in
      --) [ -z "$first" ] && first=-- ;;
      ${valuedWords(commands).join(' | ')}) previous=$word ;;
      -* | =) ;;
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
  [ -n "$flag" ] || flag=$previous
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
${values.join('\n')}
  esac
}
complete -F _orchestrator orchestrator
`;
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
