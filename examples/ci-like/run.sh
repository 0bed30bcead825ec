#!/bin/sh
# The CI-like run of the operator runbook without its review: blocked, approved, done, verified.
#   run.sh [FOLDER]        FOLDER: where to make it, must not exist; default build/demo/ci-like, made anew
# ORCHESTRATOR names another executable than bin/orchestrator. Ends 0 only where everything came out as it should.
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
  demo=$1
  [ ! -e "$demo" ] || {
    echo "run.sh: $demo exists already" >&2
    exit 2
  }
else
  demo=$root/build/demo/ci-like
  rm -rf "$demo"
fi
"$here/prepare.sh" "$demo"
cd "$demo/project"

echo "In $(pwd), as the runbook prints it, but nobody has reviewed anything:"
code=0
orchestrator ./out \
  --policy-status allow \
  --ci-status success \
  --manager-bin ./target/release/auto_manager_ai \
  --manager-arg . \
  --manager-arg ./out/manager \
  --manager-expected-artifact ./out/manager/action_plan.json \
  --manager-expected-artifact ./out/manager/run_report.json \
  --executor-bin ./target/debug/autonomous_dev_ai \
  --executor-env AUTONOMOUS_NON_INTERACTIVE_PROFILE=orchestrator_v1 \
  --executor-env AUTONOMOUS_REQUIRE_PR_NUMBER=true \
  --executor-env AUTONOMOUS_FETCH_PR_CI_STATUS_FROM_GH=true \
  --executor-env AUTONOMOUS_FETCH_PR_CI_STATUS_REQUIRED=true \
  --executor-env AUTONOMOUS_REVIEW_REQUIRED=true \
  --executor-env AUTONOMOUS_REQUIRE_ISSUE_COMPLIANCE=true || code=$?
[ "$code" -eq 3 ] || {
  echo "run.sh: expected exit code 3, got $code" >&2
  exit 1
}

echo
echo 'Why it is not done:'
orchestrator explain ./out

echo
echo 'The change is looked at, and approved. No stage runs again:'
git --no-pager diff
orchestrator ./out --resume --review-status approved

echo
echo 'Any time later, does all of it still hold?'
orchestrator verify ./out

echo
echo "The evidence: $(pwd)/out"
