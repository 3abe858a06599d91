# shellcheck shell=bash
# Makespans on a cluster, in seconds after the API server is asked to store the objects, and what they are held against.
# Pods tell times in whole seconds.
p2p=yes # seed first, no

line() { say "$*"; lines+=("$*"); }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.3f", a / b}'; } # of what to what
since() { awk -v now="$EPOCHREALTIME" -v then="$1" 'BEGIN {printf "%.1f", now - then}'; }

# Of what comes from the source; the seed sends too.
bound() { printf '%.1f' "$(bound_of $(($1 << 20)) "$nodes" "$node_rate" "$source_rate" "$node_rate")"; } # mebibytes: seconds

bar() { lines_of_bars "$1" "$2" "$3" false '<='; } # name, value, at most
bar_at_least() { lines_of_bars "$1" "$2" "$3" true '>='; }
lines_of_bars() {
  bars+=("$(jq -cn --arg name "$1" --argjson value "$2" --argjson bar "$3" --argjson least "$4" \
    '{$name, $value, $bar, atLeast: $least, holds: (if $least then $value >= $bar else $value <= $bar end)}')")
  say "$1: $2 ($5 $3)"
}

versions() {
  echo "Kubernetes $("$tools/bin/kubelet" --version | cut -d' ' -f2), $("$tools/dragonfly-client/bin/dfdaemon" --version | head -1), $(containerd --version | cut -d' ' -f1,3)"
}

# Seconds from a moment until the hub gave the first content.
first_content() { # moment
  cluster on origin cat /var/log/hub.log | jq -rs --argjson from "$1" '
    [.[] | select(.part == "CONTENT") | (.at[:19] + "Z" | fromdate) + (.at[19:-1] | ltrimstr(".") | tonumber? // 0) / 1e9 - $from | select(. >= 0)] | min * 10 | round / 10'
}
hub_requests() { cluster on origin cat /var/log/hub.log | grep -c '"part"'; }

# What a program does at its first task only, a cluster waits for once: when it is installed.
first_task() {
  kube apply -f - >/dev/null <<YAML
apiVersion: llmaz.io/v1alpha1
kind: P2PTask
metadata: {name: first}
spec: {model: {source: {modelHub: {modelID: e2e/first}}}}
YAML
  await "the first task" 120 kube wait p2ptask/first --for condition=Ready --timeout 1s
}

# The API server by curl, which asks in some milliseconds what takes kubectl half a second beside a cluster on two processors.
ask() { nsenter --net=/run/netns/e2e-control curl -fsS --cacert "$state/pki/ca.crt" --header "@$work/admin" "$@"; }
may_ask() {
  server=$(kube config view -o jsonpath='{.clusters[0].cluster.server}')
  printf 'Authorization: Bearer %s' "$(kube config view --raw -o jsonpath='{.users[0].user.token}')" >"$work/admin"
}

# Objects as requests that apply them.
requests_of() { # folder for a file each request; objects in YAML on stdin
  local object number=0
  rm -rf "$1"
  mkdir "$1"
  kube create --dry-run=client -o json -f - | jq -c 'if .kind == "List" then .items[] else . end' | while read -r object; do
    number=$((number + 1))
    jq -r --arg server "$server" '
      "/apis/\(.apiVersion)/\(if .kind == "Playground" then "namespaces/default/" else "" end)\(.kind | ascii_downcase)s/\(.metadata.name)" as $place
      | "url = \($server + $place + "?fieldManager=e2e&force=true" | @json)", "request = PATCH",
        "header = \"Content-Type: application/apply-patch+yaml\"", "data = \(@json | @json)"' <<<"$object" >"$1/$number"
  done
}
send() { # folder of requests
  local request
  for request in "$1"/*; do ask --config "$request" >/dev/null; done
}

# A model and its replicas. Sets makespan (all replicas are ready) and given and unique (bytes of the hub, bytes of the model); with P2P also
# arrived (all nodes have it, and the image) and spread (the last node / the median of these).
measure_model() { # name
  local from given_before requests_before prepared=- places=- times
  given_before=$(hub_bytes) requests_before=$(hub_requests)
  objects "$1" "$replicas" | requests_of "$work/requests"
  from=$EPOCHREALTIME
  send "$work/requests"
  if [ "$p2p" = yes ]; then
    await_nodes "$1"
    places="${arrivals[*]}" arrived=$(since "$from")
    spread=$(printf '%s\n' "${arrivals[@]}" | awk '{t[NR] = $1} END {printf "%.3f", t[NR] / t[int((NR + 1) / 2)]}')
  fi
  await "the Deployment of $1" 3600 deployed "$1"
  prepared=$(since "$from")
  await "replicas of $1" 3600 ready "$1" "$replicas"
  makespan=$(since "$from")
  check_replicas "$1" "$replicas"
  times=$(kube get pods -l "llmaz.io/model-name=$1" -o json |
    jq -r --argjson from "${from%.*}" '[.items[] | (.status.initContainerStatuses[0].state.terminated.finishedAt | fromdate) - $from] | sort | join(" ")')
  given=$(($(hub_bytes) - given_before)) unique=$(unique_bytes "$1")
  line "$1, $((unique >> 20)) MiB to $replicas replicas (P2P: $p2p): first content after $(first_content "$from") s, on nodes after $places s, Deployment after $prepared s, loaders done after $times s, all ready after" \
    "$makespan s (bound $(bound $((unique >> 20))) s); $given bytes of the hub in $(($(hub_requests) - requests_before)) requests for $unique unique"
  kube delete playground "$1" --wait >/dev/null
  await "the end of $1" 300 gone "$1"
}

# Until every node has all files of a model and all images; into arrivals when each node had the model's.
await_nodes() { # name
  local end=$((SECONDS + 3600)) complete=0 rest=1
  arrivals=()
  until [ "$rest" = 0 ] && [ "$complete" = "$nodes" ]; do
    [ $SECONDS -lt $end ] || fail "$complete of $nodes nodes have $1"
    read -r complete rest < <(ask "$server/apis/llmaz.io/v1alpha1/p2ptasks" | jq -r --arg model "e2e/$1" --argjson nodes "$nodes" '
      [.items[] | .status.nodes.complete // 0] as $all
      | [.items[] | select(.spec.model.source.modelHub.modelID == $model) | .status.nodes.complete // 0] as $ours
      | "\($ours | max // 0) \([$all[] | select(. < $nodes)] | length)"')
    while [ ${#arrivals[@]} -lt "$complete" ]; do arrivals+=("$(since "$from")"); done
    sleep 0.1
  done
}
gone() { [ -z "$(kube get pods -l "llmaz.io/model-name=$1" -o name)" ]; }

# As a user would, who sees a failure and tries again: a daemon gives up a piece after a while, and all daemons read a slow source at once.
plain_dfget() { # name, file, number of the node
  local attempt
  for attempt in 1 2 3; do
    cluster on "node-$3" "$tools/dragonfly-client/bin/dfget" "$(cat "$work/link.$(basename "$2")")" --output "/var/lib/dragonfly/$1/$(basename "$2")" \
      --content-for-calculating-task-id "$1-$(basename "$2")" --endpoint /run/dragonfly/dfdaemon.sock --no-progress --console && return
    echo "attempt $attempt failed"
  done
  return 1
}

# As much by Dragonfly's own command, for all files on all nodes at once; the hub's signed links, without which it cannot begin, are a part of it. Sets makespan.
measure_dfget() { # name
  local from file node link pid pids=() given_before
  given_before=$(hub_bytes)
  printf 'Authorization: Bearer %s' "$(cat "$work/token")" >"$state/pki/header"
  for ((node = 1; node <= nodes; node++)); do cluster on "node-$node" mkdir -p "/var/lib/dragonfly/$1"; done
  from=$EPOCHREALTIME
  for file in "$state/pki/models/$1"/*.safetensors; do
    link=$(nsenter --net=/run/netns/e2e-origin curl -fsS -o /dev/null -w '%{redirect_url}' -H "@$state/pki/header" "http://$hub/e2e/$1/resolve/main/$(basename "$file")")
    echo "$link" >"$work/link.$(basename "$file")"
  done
  for ((node = 1; node <= nodes; node++)); do
    for file in "$state/pki/models/$1"/*.safetensors; do
      plain_dfget "$1" "$file" "$node" >"$work/dfget.log" 2>&1 &
      pids+=($!)
    done
  done
  for pid in "${pids[@]}"; do wait "$pid" || fail "dfget: $(tail -3 "$work/dfget.log")"; done
  makespan=$(since "$from")
  line "plain dfget of as much on $nodes nodes at once: $makespan s; $(($(hub_bytes) - given_before)) bytes of the hub"
}

# The seed first: nodes get a model when their replicas' loaders ask for it.
without_prefetch() {
  chart upgrade llmaz "$home/charts/llmaz" --reuse-values --set p2p.prefetch.enabled=false >/dev/null
  p2p='seed first'
}

# llmaz's way: the operator knows no P2P, every replica loads from the hub, with a token of its own.
without_p2p() {
  loader_env="{name: HF_ENDPOINT, value: 'http://$hub'}"
  kube create secret generic modelhub-secret --from-file=HF_TOKEN="$state/pki/token" >/dev/null
  chart upgrade llmaz "$home/charts/llmaz" --reuse-values --set p2p.enabled=false >/dev/null
  kube -n llmaz-system rollout restart deployment/llmaz-operator >/dev/null
  kube -n llmaz-system rollout status deployment/llmaz-operator --timeout 120s >/dev/null
  p2p=no
}

write_report() {
  mkdir -p "$out"
  jq -n --arg title "the proposal on a real cluster: $nodes nodes, $replicas replicas, a model of $mebibytes MiB in four files and an image" --arg command "$command" \
    --argjson bars "[$(IFS=,; echo "${bars[*]}")]" '{benchmark: "e2e", $title, $command, lines: $ARGS.positional, $bars}' --args -- "${lines[@]}" >"$out/e2e.json"
}
