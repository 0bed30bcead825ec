#!/bin/sh
# Makes a repository with a failing test and lets three agents plan, fix and review it.
#   run.sh [FOLDER]        FOLDER: where to make it, must not exist; default build/demo/fix-failing-test, made anew
# ORCHESTRATOR names another executable than bin/orchestrator. Ends 0 only where the run is done.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)
orchestrator=${ORCHESTRATOR:-$root/bin/orchestrator}
case $orchestrator in
/*) ;;
*) orchestrator=$PWD/$orchestrator ;;
esac
# The agents are JavaScript: they run on the Node that this repository pins, where it has been fetched.
PATH=$root/node_modules/.bin:$PATH

[ -x "$orchestrator" ] || {
  echo "run.sh: $orchestrator is not there: run \"make build\" first" >&2
  exit 2
}
if [ $# -gt 0 ]; then
  demo=$1
  [ ! -e "$demo" ] || {
    echo "run.sh: $demo exists already" >&2
    exit 2
  }
else
  demo=$root/build/demo/fix-failing-test
  rm -rf "$demo"
fi

# Git without the configuration of whoever runs this.
git_here() {
  GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null \
    GIT_AUTHOR_NAME=Demo GIT_AUTHOR_EMAIL=demo@example.org GIT_AUTHOR_DATE=2026-01-01T12:00:00Z \
    GIT_COMMITTER_NAME=Demo GIT_COMMITTER_EMAIL=demo@example.org GIT_COMMITTER_DATE=2026-01-01T12:00:00Z \
    git "$@"
}

mkdir -p "$demo"
cp -R "$here/agents" "$here/orchestrator.yaml" "$demo/"
cp -R "$here/project" "$demo/project"
cd "$demo/project"
git_here init --quiet --initial-branch=main
git_here add --all
git_here commit --quiet --message='Prices for parcels'

echo "A repository with a failing test: $(pwd)"
make test 2>/dev/null | sed -n 's/^not ok [0-9]* - /  fails: /p'
echo 'Three agents are let loose on it, and the three gates are asserted:'
echo '  $ orchestrator ./out --config ../orchestrator.yaml \'
echo '      --policy-status allow --ci-status success --review-status approved'
code=0
"$orchestrator" ./out --config ../orchestrator.yaml \
  --policy-status allow --ci-status success --review-status approved || code=$?
echo
if [ "$code" -ne 0 ]; then
  echo "The run is not done: exit code $code. Why, and what to type next:"
  echo "  cd $(pwd) && $orchestrator explain ./out"
  exit "$code"
fi

echo 'What the agents said:'
for stage in planning execution validation; do
  sed "s/^/  $stage: /" "out/logs/$stage.1.stdout.log"
done
echo
echo 'The change is in the work tree, nobody has committed it. The evidence is in ./out. To look at it:'
echo "  cd $(pwd)"
echo '  git diff'
echo "  $orchestrator report ./out    what happened, stage by stage"
echo "  $orchestrator verify ./out    whether all of it still holds"
