#!/bin/sh
# The dry run of the operator runbook: two stages that do nothing, three gates asserted, then a resume.
#   run.sh [FOLDER]        FOLDER: where to run it, must not exist; default a new temporary folder
# ORCHESTRATOR names another executable than bin/orchestrator. Ends 0 only where both runs are done.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)
executable=${ORCHESTRATOR:-$root/bin/orchestrator}
case $executable in
/*) ;;
*) executable=$PWD/$executable ;;
esac
orchestrator() { "$executable" "$@"; }

[ -x "$executable" ] || {
  echo "run.sh: $executable is not there: run \"make build\" first" >&2
  exit 2
}
if [ $# -gt 0 ]; then
  [ ! -e "$1" ] || {
    echo "run.sh: $1 exists already" >&2
    exit 2
  }
  mkdir -p "$1"
  cd "$1"
else
  cd "$(mktemp -d "${TMPDIR:-/tmp}/orchestrator-quickstart.XXXXXX")"
fi

echo "In $(pwd), as the runbook prints it:"
orchestrator ./out \
  --policy-status allow \
  --ci-status success \
  --review-status approved \
  --manager-bin /bin/sh \
  --manager-arg -c \
  --manager-arg "exit 0" \
  --executor-bin /bin/sh \
  --executor-arg -c \
  --executor-arg "exit 0"

echo
echo 'The same run taken up again: nothing is run twice, what is there is verified.'
orchestrator ./out --resume

echo
echo "The evidence: $(pwd)/out"
