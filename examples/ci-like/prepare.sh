#!/bin/sh
# Makes the repository of the example in FOLDER/project, with the two programs where a build would have put them.
#   prepare.sh FOLDER      must not exist
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
[ $# -eq 1 ] || {
  echo 'usage: prepare.sh FOLDER' >&2
  exit 2
}
[ ! -e "$1" ] || {
  echo "prepare.sh: $1 exists already" >&2
  exit 2
}
mkdir -p "$1"
cp -R "$here/project" "$1/project"
cd "$1/project"
mkdir -p target/release target/debug
cp "$here/programs/auto_manager_ai" target/release/
cp "$here/programs/autonomous_dev_ai" target/debug/
echo '/target/' >.gitignore

# Git without the configuration of whoever runs this.
git_here() {
  GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null \
    GIT_AUTHOR_NAME=Demo GIT_AUTHOR_EMAIL=demo@example.org GIT_AUTHOR_DATE=2026-01-01T12:00:00Z \
    GIT_COMMITTER_NAME=Demo GIT_COMMITTER_EMAIL=demo@example.org GIT_COMMITTER_DATE=2026-01-01T12:00:00Z \
    git "$@"
}
git_here init --quiet --initial-branch=main
git_here add --all
git_here commit --quiet --message='A service that gives up at once'
