# shellcheck shell=bash
# The proposal's stories, each on its own model.

# A first deployment: half of the nodes.
story_1() {
  local from=$SECONDS before=no unique given
  objects story "$first" | kube apply -f - >/dev/null
  until deployed story >/dev/null 2>&1; do
    before=$(prepared && echo yes || echo no)
    [ $((SECONDS - from)) -lt 180 ] || fail "no Deployment after three minutes"
    sleep 0.2
  done
  # The last look before the Deployment was there may be older than the tasks' end; what counts is that they are ready now.
  prepared || fail "the Deployment is there before both tasks are ready (a moment ago: $before)"
  say "both tasks are ready, then the Deployment is there"
  await "story 1" 180 ready story "$first"
  check_replicas story "$first"
  unique=$(unique_bytes story)
  given=$(hub_bytes)
  say "story 1: $first replicas ready after $((SECONDS - from)) s; $given bytes of the hub for $unique unique"
  [ "$given" -le $((unique + unique / 100)) ] || fail "the hub gave $given bytes for $unique"
}

# More load: the other nodes too, and no byte of the hub.
story_2() {
  local from=$SECONDS gateway_read nodes_read
  scale story
  say "story 2: $nodes replicas ready after $((SECONDS - from)) s, without the hub"
  gateway_read=$(registry_bytes '10\.91\.[0-9.]+') nodes_read=$(registry_bytes '10\.90\.0\.1[0-9]+')
  say "the image: $gateway_read bytes of the registry for the gateway, $nodes_read for $nodes nodes (a probe of one byte each blob), $(image_bytes) in all"
  [ "$gateway_read" -le "$(image_bytes)" ] || fail "the gateway read the image more than once"
  [ "$nodes_read" -le $((nodes * 3)) ] || fail "nodes read the image from the registry"
}

# Dragonfly comes later than llmaz and its first model: nothing is restarted for it.
story_4() {
  local from=$SECONDS pods
  objects later "$first" | kube apply -f - >/dev/null
  await "story 4 without Dragonfly" 240 ready later "$first"
  check_replicas later "$first"
  say "story 4: without Dragonfly $first replicas are ready after $((SECONDS - from)) s; $(hub_bytes) bytes of the hub for $(unique_bytes later) unique"
  pods=$(llmaz_pods)
  cluster dragonfly
  from=$SECONDS
  await "acceleration" 240 accelerated
  say "story 4: $((SECONDS - from)) s after Dragonfly came, what is there is prepared in it"
  scale later
  [ "$pods" = "$(llmaz_pods)" ] || fail "llmaz was restarted"
  say "story 4: $nodes replicas, the new ones without the hub, and nothing was restarted"
}

# The same as any user of any cluster can see it.
anywhere() {
  nsenter --net=/run/netns/e2e-control "$here/anywhere" --kubeconfig "$state/pki/admin.kubeconfig" --model e2e/anywhere --backend e2e --seconds 180 |
    while read -r said; do say "anywhere: $said"; done
}

scale() { # name: to all nodes
  local before
  before=$(hub_bytes)
  objects "$1" "$nodes" | kube apply -f - >/dev/null
  await "scaling $1" 180 ready "$1" "$nodes"
  check_replicas "$1" "$nodes"
  [ "$(hub_bytes)" = "$before" ] || fail "scaling $1 read $(($(hub_bytes) - before)) bytes of the hub"
}

accelerated() { ! kube get p2ptasks -o jsonpath='{range .items[*]}{.status.conditions[?(@.type=="Accelerated")].status}{"\n"}{end}' | grep -v True; }
llmaz_pods() { kube -n llmaz-system get pods -o jsonpath='{range .items[*]}{.metadata.uid} {.status.containerStatuses[0].restartCount}{"\n"}{end}' | sort; }
