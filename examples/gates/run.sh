#!/bin/sh
# Delivers a change to a small forge on loopback and lets it decide: blocked, approved, done, signed, verified.
#   run.sh [FOLDER]        FOLDER: where to make it, must not exist; default build/demo/gates, made anew
# ORCHESTRATOR names another executable than bin/orchestrator. Ends 0 only where everything came out as it should.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)
orchestrator=${ORCHESTRATOR:-$root/bin/orchestrator}
case $orchestrator in
/*) ;;
*) orchestrator=$PWD/$orchestrator ;;
esac
# The forge is TypeScript: it runs on the Node that this repository pins.
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
  demo=$root/build/demo/gates
  rm -rf "$demo"
fi

git_here() {
  GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null \
    GIT_AUTHOR_NAME=Demo GIT_AUTHOR_EMAIL=demo@example.org GIT_AUTHOR_DATE=2026-01-01T12:00:00Z \
    GIT_COMMITTER_NAME=Demo GIT_COMMITTER_EMAIL=demo@example.org GIT_COMMITTER_DATE=2026-01-01T12:00:00Z \
    git "$@"
}

mkdir -p "$demo/project/src" "$demo/project/.github/workflows"
demo=$(CDPATH='' cd -- "$demo" && pwd)
cd "$demo"
printf '#!/bin/sh\necho "Good morning" > src/greeting.txt\n' >"$demo/agent"
printf '#!/bin/sh\necho "on: push" > .github/workflows/ci.yml\n' >"$demo/bold-agent"
chmod +x "$demo/agent" "$demo/bold-agent"
# As "openssl genpkey -algorithm ed25519" and "openssl pkey -pubout" make them, for machines without openssl.
(umask 077 && node -e '
  const { privateKey, publicKey } = require("node:crypto").generateKeyPairSync("ed25519");
  const { writeFileSync } = require("node:fs");
  writeFileSync("key.pem", privateKey.export({ type: "pkcs8", format: "pem" }));
  writeFileSync("key.pub.pem", publicKey.export({ type: "spki", format: "pem" }));
')

git_here init --quiet --bare --initial-branch=main "$demo/remote.git"
cd "$demo/project"
echo 'Hello' >src/greeting.txt
echo 'on: pull_request' >.github/workflows/ci.yml
"$orchestrator" config init --policy ../starter.yaml >/dev/null
git_here init --quiet --initial-branch=main
git_here add --all
git_here commit --quiet --message='A greeting, and a policy'
git_here remote add origin "$demo/remote.git"
git_here push --quiet origin main

node "$root/test/forge/serve.ts" --file "$here/scenario.json" --repository "$demo/remote.git" >"$demo/forge.txt" &
forge=$!
trap 'kill "$forge" 2>/dev/null || true' EXIT
until grep -q '^gitlab' "$demo/forge.txt"; do kill -0 "$forge"; done
url=$(sed -n 's/^github //p' "$demo/forge.txt")
export GITHUB_TOKEN=forge-token

run() {
  out=$1 agent=$2
  shift 2
  "$orchestrator" "$out" --executor-bin "$agent" \
    --policy-from cedar:policy --scope-allow 'src/**' --scope-max-files 8 \
    --delivery-branch "agent/$(basename "$out")" --delivery-commit-message 'Greet by the time of day' \
    --delivery-pr github:acme/shop --delivery-pr-base main \
    --ci-from github:acme/shop --review-from github:acme/shop \
    --github-url "$url" --sign-key "$demo/key.pem" "$@"
}

expect() {
  wanted=$1 code=0
  shift
  "$@" || code=$?
  [ "$code" -eq "$wanted" ] || {
    echo "run.sh: expected exit code $wanted, got $code: $*" >&2
    exit 1
  }
}

echo 'Policy allows the diff, the branch is pushed, the pull request is opened; nobody has reviewed it:'
expect 3 run "$demo/out/greeting" "$demo/agent"
echo
expect 0 "$orchestrator" explain "$demo/out/greeting"
echo
echo 'Somebody approves, and the run goes on:'
expect 0 "$orchestrator" "$demo/out/greeting" --resume --sign-key "$demo/key.pem"
echo
echo 'The signed report is verified, and refused with one word changed:'
expect 0 "$orchestrator" verify "$demo/out/greeting" --key "$demo/key.pub.pem"
cp -R "$demo/out/greeting" "$demo/out/tampered"
sed -i.bak 's/"approved"/"Approved"/' "$demo/out/tampered/orchestrator_run_report.json"
expect 1 "$orchestrator" verify "$demo/out/tampered" --key "$demo/key.pub.pem"
echo
echo 'An agent that touches what it must not is blocked before anything is pushed:'
git_here checkout --quiet -- .
expect 3 run "$demo/out/bold" "$demo/bold-agent"
expect 0 "$orchestrator" explain "$demo/out/bold"
echo
echo "Branches of the remote: $(git_here --git-dir="$demo/remote.git" for-each-ref --format='%(refname:short)' | tr '\n' ' ')"
echo "Evidence: $demo/out"
