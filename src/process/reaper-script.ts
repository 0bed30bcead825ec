/**
 * The reaper as a POSIX shell script, for dash, bash and busybox; it needs grep, ls and sleep, and ps where
 * there is no /proc. It reads what to watch from its stdin; when that ends without `bye`, the orchestrator was
 * killed, and it kills what is left until four looks in a row find nothing, or for about 15 s.
 *
 * Lines: `cookie C`, `track GROUP [pipe:ID…]`, `strayed [PID:START…]` (replaces the list),
 * `release`, `bye`.
 *
 * ORCHESTRATOR_REAPER in its environment is the mark that it puts on the orchestrator (`tree-mark.ts`).
 * Descriptors 3 and 4 are pipes that the orchestrator opens by name for its stages' output (`stage-pipes.ts`):
 * a shell makes a pipe for a short here-document. Should grep stop at a NUL byte, which it tries on itself,
 * environments are read by the shell, which is slower and drops those bytes.
 */
export const REAPER_SCRIPT = `
trap '' TERM INT HUP QUIT USR1 USR2 ALRM PIPE TSTP
for tool in grep ls sleep; do command -v $tool >/dev/null || { echo lacking $tool; exit 1; }; done
exec 3<<A 4<<B

A

B
prlimit --pid $PPID "--rttime=$ORCHESTRATOR_REAPER:" >/dev/null 2>&1
echo ready
exec >/dev/null
cookies= group= links= strayed=
while read -r word rest; do
  case $word in
    cookie) cookies="$cookies $rest" ;;
    track) group=\${rest%% *}; links=\${rest#"$group"} ;;
    strayed) strayed=" $rest " ;;
    release) group= links= strayed= ;;
    bye) exit 0 ;;
  esac
done
exec </dev/null 3<&- 4<&- 2>/dev/null

add() {
  case $1 in '' | *[!0-9]* | 0 | 1 | $$ | $PPID) return 1 ;; esac
  case " $found " in *" $1 "*) return 1 ;; esac
  found="$found $1"
}

has_cookie() {
  env=
  while read -r part || [ "$part" ]; do env="$env $part" part=; done <"/proc/$1/environ"
  for c in $cookies; do case $env in *"$c"*) return 0 ;; esac; done
  return 1
}

by_cookie() {
  patterns=
  for c in $cookies; do patterns="$patterns -e $c"; done
  [ "$patterns" ] || return 0
  for path in $(grep -lsF $patterns /proc/[0-9]*/environ); do
    path=\${path#/proc/}
    add "\${path%/environ}"
  done
  [ "$slow" ] || return 0
  for path in /proc/[0-9]*; do has_cookie "\${path#/proc/}" && add "\${path#/proc/}"; done
}

by_link() {
  [ "$links" ] || return 0
  patterns='-e ^/proc/'
  for l in $links; do patterns="$patterns -e \${l%:*}:.\${l#*:}.$"; done
  for pid in $(ls -l /proc/[0-9]*/fd | grep $patterns | while read -r line; do
    case $line in
      /proc/*/fd:) pid=\${line#/proc/} pid=\${pid%/fd:} ;;
      *) echo "$pid" ;;
    esac
  done); do add "$pid"; done
}

by_mark() {
  for path in $(grep -lsF -e " $ORCHESTRATOR_REAPER " /proc/[0-9]*/limits); do
    path=\${path%/limits}
    read -r line <"$path/stat" || continue
    case \${line##*) } in Z*) ;; *) add "\${path#/proc/}" ;; esac
  done
}

by_ps() {
  while read -r pid line; do
    for c in $cookies; do case $line in *"$c"*) add "$pid" ;; esac; done
  done <<T
$(ps -axEww -o pid=,command=)
T
}

relations() {
  if [ "$proc" ]; then grep -hs . /proc/[0-9]*/stat; return; fi
  ps -axo pid=,ppid=,pgid=,stat= | while read -r p q g s; do echo "$p () \${s%\${s#?}} $q $g $g"; done
}

by_relation() {
  table=$(relations)
  again=1
  while [ "$again" ]; do
    again=
    while read -r line; do
      pid=\${line%% *}
      set -- \${line##*) }
      [ $# -ge 4 ] && [ "$1" != Z ] || continue
      case "$group" in "$3" | "$4") add "$pid" && again=1 ;; esac
      case $strayed in *" $pid:\${20} "*) add "$pid" && again=1 ;; esac
      case " $found " in *" $2 "*) add "$pid" && again=1 ;; esac
    done <<T
$table
T
  done
}

proc= slow=
if [ -r /proc/$$/stat ]; then
  proc=1
  grep -qsF -e "$ORCHESTRATOR_REAPER" /proc/$$/environ || slow=1
fi
quiet=0 looks=0
while [ $quiet -lt 4 ] && [ $looks -lt 250 ]; do
  looks=$((looks + 1)) found=
  if [ "$proc" ]; then by_cookie; by_mark; by_link; else by_ps; fi
  by_relation
  if [ "$found" ]; then
    quiet=0
    [ -z "$group" ] || case " $found " in *" $group "*) kill -s KILL -- "-$group" ;; esac
    kill -s KILL -- $found
  else
    quiet=$((quiet + 1))
  fi
  sleep 0.05 || sleep 1
done
`;
