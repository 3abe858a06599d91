# shellcheck shell=bash
# What the programs of this folder share: a cluster of their own, its words, and that it goes when they end.
# Needs $here (the folder e2e), $nodes, $mebibytes.

home=$(dirname "$here")
state=${LLMAZ_E2E:-/var/tmp/llmaz-e2e}
tools=${LLMAZ_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/llmaz-tools}
registry=10.90.0.5:5000 hub=10.90.0.5:8090
work=$(mktemp -d)
begun=$SECONDS
up=''

cluster() { "$here/cluster" "$@"; }
kube() { cluster kubectl "$@"; }
say() { printf '%4d s  %s\n' $((SECONDS - begun)) "$*"; }
fail() { echo "e2e: FAILED: $*" >&2; exit 1; }

await() { # what, seconds, command...
  local what=$1 end=$((SECONDS + $2))
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || fail "$what: not within its time"
    sleep 0.5
  done
}

# Images, and a cluster with links of these rates.
stage() { # rate of the source, rate of the nodes, option of e2e/cluster up...
  local source=$1 node=$2
  shift 2
  cluster check
  mkdir -p "$work/images"
  "$home/images/build" "$work/images" "$registry/llmaz" e2e
  runner_image
  say "images are built"
  cluster up --nodes "$nodes" --source-rate "$source" --node-rate "$node" "$@"
  up=yes # A cluster that was there before is another's; one that does not come up is taken down by itself.
  token_create
}

finish() {
  local status=$?
  if [ $status != 0 ] && [ -n "$up" ]; then
    kube get pods,deployments,playgrounds,openmodels,p2ptasks -A -o wide >&2 || true
    kube -n llmaz-system logs deployment/llmaz-operator --tail 20 >&2 || true
    kube -n llmaz-system logs deployment/llmaz-gateway --tail 20 >&2 || true
    cluster on seed tail -5 /var/log/dfdaemon.log >&2 || true
  fi
  if [ -n "$up" ] && [ -z "${LLMAZ_E2E_KEEP:-}" ]; then cluster down >&2 || true; fi
  rm -rf "$work"
  exit $status
}
trap finish EXIT
