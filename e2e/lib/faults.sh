# shellcheck shell=bash
# One thing breaks while a model is on its way. The gateway has 8 pieces of each of our two large files in hand for Dragonfly's client, and
# of each it may lose a block of 512 KiB and what the hub has sent beyond it. Beside those the source gives 5 % more at most, also until
# the seed has everything; a node that cannot keep a model gets it once more, from the gateway; and with the gateway's Pod all goes that
# it keeps, so that pieces of 4 MiB are begun anew.
in_flight=$((2 * 8 * (1 << 20)))
strike_at=40 # percent of a model's bytes that left the hub
known_faults=(scheduler operator gateway gateway-lost apiserver hub-busy branch corrupt disk daemon seed)

strike() { # fault
  local before unique read from name=${1//-/_} most
  # A dfdaemon that was killed cannot bind its ports again for the minute in which its old connections linger.
  await "Dragonfly" 150 dragonfly_serves
  if declare -F "prepare_$name" >/dev/null; then "prepare_$name"; fi
  from=$SECONDS
  before=$(hub_bytes)
  objects "$1" "$first" | kube apply -f - >/dev/null
  case $1 in
    daemon | disk | corrupt) await "the Deployment of $1" 120 deployed "$1" ;; # then nodes load
    hub-busy) ;; # before the first byte
    *) await "the transfer of $1" 60 hub_gave_since $((before + $(unique_bytes "$1") * strike_at / 100)) ;;
  esac
  "strike_$name"
  await "fault $1" 240 ready "$1" "$first"
  check_replicas "$1" "$first"
  await "the end of the task of $1" 240 distributed "$1"
  if declare -F "met_$name" >/dev/null; then "met_$name"; fi
  unique=$(unique_bytes "$1")
  read=$(($(hub_bytes) - before))
  most=$((unique + unique / 20 + in_flight))
  case $1 in
    disk) most=$((most + unique)) ;;
    gateway-lost) most=$((most + 2 * 8 * (4 << 20))) ;;
  esac
  say "fault $1: $first replicas ready after $((SECONDS - from)) s; $read bytes of the hub for $unique unique ($((read * 100 / unique)) %)"
  [ "$read" -le "$most" ] || broken+=("$1")
  kube delete playground "$1" >/dev/null
  kube delete openmodel "$1" >/dev/null
  if declare -F "mend_$name" >/dev/null; then "mend_$name"; fi
}

# That nodes really met the fault, by the words of their daemons.
daemons_said() { # words
  local count=0 node
  for ((node = 1; node <= nodes; node++)); do
    count=$((count + $(cluster on "node-$node" grep -cF "$1" /var/log/dfdaemon.log || true)))
  done
  [ $count -gt 0 ] || fail "no node's daemon said: $1"
  say "nodes' daemons said $count times: $1"
}
met_corrupt() { daemons_said 'digest mismatch'; }
met_disk() { daemons_said 'No space left on device'; }

dragonfly_serves() {
  local host
  for host in seed $(seq -f 'node-%g' 1 "$nodes"); do cluster on "$host" curl -fsS -m 2 -o /dev/null http://127.0.0.1:4003/healthy || return 1; done
}

distributed() { # name
  kube get p2ptask "model-$1" -o json | jq -e 'any(.status.conditions[]; .type == "Distributed" and .status == "True")'
}

hub_gave_since() { [ "$(hub_bytes)" -gt "$1" ]; } # bytes

strike_seed() { cluster kill seed dfdaemon; }
strike_scheduler() { cluster kill scheduler scheduler; }
strike_daemon() { for ((i = 1; i <= nodes; i++)); do cluster kill "node-$i" dfdaemon; done; }
strike_operator() { kube -n llmaz-system delete pods -l app.kubernetes.io/name=llmaz-operator --force --grace-period=0 >/dev/null 2>&1; }
# Its process, as for lack of memory; or its Pod, and with that what it keeps on disk, as with a node.
strike_gateway() {
  local node container
  read -r node container < <(kube -n llmaz-system get pods -l app.kubernetes.io/name=llmaz-gateway -o json |
    jq -r '.items[0] | "\(.spec.nodeName) \(.status.containerStatuses[0].containerID | ltrimstr("containerd://"))"')
  cluster on "$node" ctr --namespace k8s.io tasks kill --signal SIGKILL "$container"
}
strike_gateway_lost() { kube -n llmaz-system delete pods -l app.kubernetes.io/name=llmaz-gateway --force --grace-period=0 >/dev/null 2>&1; }
strike_apiserver() { cluster kill control kube-apiserver; }
strike_hub_busy() { cluster on origin curl -fsS --data-binary '/ 4 429 1' http://127.0.0.1:8091/faults; }

# The repository's main moves: who began with one commit ends with it.
strike_branch() {
  mkdir "$state/pki/models/branch-moved"
  echo '{"model_type": "another"}' >"$state/pki/models/branch-moved/config.json"
  cluster on origin curl -fsS --data-binary "e2e/branch=$state/pki/models/branch-moved" http://127.0.0.1:8091/pushes
}

# Bits of what the seed stores change behind its back.
strike_corrupt() {
  local content count=0
  for content in $(cluster on seed find /var/lib/dragonfly/content -type f -size +1M); do
    head -c 64 /dev/urandom | cluster on seed dd of="$content" bs=64 seek=20000 conv=notrunc status=none
    count=$((count + 1))
  done
  [ $count -gt 0 ] || fail "the seed stores nothing that could be corrupted"
  say "$count files in the seed's store are corrupted"
}

# Where a daemon stores there is room for half of a model, and then for nothing. Pods have only as many nodes as they need, so one is there.
prepare_disk() {
  for ((i = first + 1; i <= nodes; i++)); do kube cordon "node-$i" >/dev/null; done
  cluster on node-1 mount -t tmpfs -o "size=$((mebibytes + 32))m" small /var/lib/dragonfly
  cluster kill node-1 dfdaemon
  await "Dragonfly with a small disk" 150 dragonfly_serves
}
strike_disk() { cluster on node-1 sh -c 'head -c 10G /dev/zero >/var/lib/dragonfly/other 2>/dev/null || true'; }
mend_disk() {
  for ((i = first + 1; i <= nodes; i++)); do kube uncordon "node-$i" >/dev/null; done
  cluster stop node-1 dfdaemon
  cluster on node-1 umount --lazy /var/lib/dragonfly
  cluster resume node-1 dfdaemon
}
