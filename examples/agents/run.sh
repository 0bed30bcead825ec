#!/bin/sh
# Lets an agent make a failing test pass, with the config file of that agent.
#   run.sh AGENT [FOLDER]     AGENT: claude-code, codex, opencode, gemini or aider
#                             FOLDER: where to make it, must not exist; default build/demo/agents/AGENT, made anew
# Without INSTALLED=1 it is no agent but a stand-in: a shell script that makes the one right edit and prints what the agent
# would print. INSTALLED=1 starts the one on PATH, which asks its model and costs what that costs.
# ORCHESTRATOR names another executable than bin/orchestrator. Ends 0 only where the run is done.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)
orchestrator=${ORCHESTRATOR:-$root/bin/orchestrator}
case $orchestrator in
/*) ;;
*) orchestrator=$PWD/$orchestrator ;;
esac
agent=${1:-}
case $agent in
claude-code | codex | opencode | gemini | aider) ;;
*)
  echo 'usage: run.sh claude-code|codex|opencode|gemini|aider [FOLDER]' >&2
  exit 2
  ;;
esac
[ -x "$orchestrator" ] || {
  echo "run.sh: $orchestrator is not there: run \"make build\" first" >&2
  exit 2
}
demo=${2:-}
if [ -n "$demo" ]; then
  [ ! -e "$demo" ] || {
    echo "run.sh: $demo exists already" >&2
    exit 2
  }
else
  demo=$root/build/demo/agents/$agent
  rm -rf "$demo"
fi

# Git without the configuration of whoever runs this.
git_here() {
  GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null \
    GIT_AUTHOR_NAME=Demo GIT_AUTHOR_EMAIL=demo@example.org GIT_AUTHOR_DATE=2026-01-01T12:00:00Z \
    GIT_COMMITTER_NAME=Demo GIT_COMMITTER_EMAIL=demo@example.org GIT_COMMITTER_DATE=2026-01-01T12:00:00Z \
    git "$@"
}
mkdir -p "$(dirname -- "$demo")"
cp -R "$here/project" "$demo"
cd "$demo"
git_here init --quiet --initial-branch=main
git_here add --all
git_here commit --quiet --message='A service that gives up at once'

if [ "${INSTALLED:-}" = 1 ]; then
  echo "The $agent that is installed here is let loose on $(pwd). The gates are asserted:"
else
  echo "A STAND-IN for $agent, no model, is let loose on $(pwd). The gates are asserted:"
  PATH=$here/stand-ins:$PATH
fi
code=0
"$orchestrator" ./out --config "$here/$agent/orchestrator.yaml" \
  --policy-status allow --ci-status success --review-status approved || code=$?
[ "$code" -eq 0 ] || {
  echo "The run is not done: exit code $code. Why: cd $(pwd) && $orchestrator explain ./out"
  exit "$code"
}
echo
git_here --no-pager diff
echo
"$orchestrator" report ./out
[ "${INSTALLED:-}" = 1 ] || echo "That was a stand-in for $agent: the edit is fixed, cost and tokens are made up."
