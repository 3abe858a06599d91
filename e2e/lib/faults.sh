# shellcheck shell=bash
# One thing breaks while a model is on its way. What breaks loses the pieces that it had in hand, and they are read once more: Dragonfly's
# client has 8 pieces of 4 MiB in flight for each of our two large files. Beyond those the source gives 5 % more at most.
in_flight=$((2 * 8 * (4 << 20)))
known_faults=(scheduler operator gateway apiserver hub-busy daemon seed)

strike() { # fault
  local before unique read from
  # A dfdaemon that was killed cannot bind its ports again for the minute in which its old connections linger.
  await "Dragonfly" 150 dragonfly_serves
  from=$SECONDS
  before=$(hub_bytes)
  objects "$1" "$first" | kube apply -f - >/dev/null
  case $1 in
    daemon) await "the Deployment of $1" 120 deployed "$1" ;; # then nodes load
    hub-busy) ;; # before the first byte
    *) await "the transfer of $1" 60 hub_gave_since "$before" ;;
  esac
  "strike_${1//-/_}"
  await "fault $1" 240 ready "$1" "$first"
  check_replicas "$1" "$first"
  unique=$(cat "$work/models/$1"/* | wc -c)
  read=$(($(hub_bytes) - before))
  say "fault $1: $first replicas ready after $((SECONDS - from)) s; $read bytes of the hub for $unique unique ($((read * 100 / unique)) %)"
  [ "$read" -le $((unique + unique / 20 + in_flight)) ] || broken+=("$1")
  kube delete playground "$1" >/dev/null
}

dragonfly_serves() {
  local host
  for host in seed $(seq -f 'node-%g' 1 "$nodes"); do cluster on "$host" curl -fsS -m 2 -o /dev/null http://127.0.0.1:4003/healthy || return 1; done
}

hub_gave_since() { [ "$(hub_bytes)" -gt "$1" ]; } # bytes

strike_seed() { cluster kill seed dfdaemon; }
strike_scheduler() { cluster kill scheduler scheduler; }
strike_daemon() { for ((i = 1; i <= nodes; i++)); do cluster kill "node-$i" dfdaemon; done; }
strike_operator() { kube -n llmaz-system delete pods -l app.kubernetes.io/name=llmaz-operator --force --grace-period=0 >/dev/null 2>&1; }
strike_gateway() { kube -n llmaz-system delete pods -l app.kubernetes.io/name=llmaz-gateway --force --grace-period=0 >/dev/null 2>&1; }
strike_apiserver() { cluster kill control kube-apiserver; }
strike_hub_busy() { cluster on origin curl -fsS --data-binary '/ 4 429 1' http://127.0.0.1:8091/faults; }
