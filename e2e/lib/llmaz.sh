# shellcheck shell=bash
# What a user does with llmaz, and what is to be seen of it.

chart() { nsenter --net=/run/netns/e2e-control "$tools/bin/helm" --kubeconfig "$state/pki/admin.kubeconfig" --namespace llmaz-system "$@"; }

install_llmaz() { # further option of helm install...
  chart install llmaz "$home/charts/llmaz" --create-namespace --set images.registry="$registry/llmaz" \
    --set images.operator.tag=e2e,images.gateway.tag=e2e,images.modelLoader.tag=e2e,images.nodeSetup.tag=e2e --set operator.replicas=1,gateway.replicas=2 \
    --set p2p.enabled=true,p2p.scheduler=10.90.0.3:8002 --set gateway.clusterIP=10.92.0.88 --set backends.enabled=false \
    --set nodeSetup.enabled=true,nodeSetup.registries="{http://$registry}" \
    --set gateway.env.HF_ENDPOINT="http://$hub" --set gateway.env.LLMAZ_INSECURE_REGISTRIES="$registry" "$@" >/dev/null
  kube -n llmaz-system create secret generic modelhub-secret --from-file=HF_TOKEN="$state/pki/token" >/dev/null
  kube -n llmaz-system rollout status deployment/llmaz-operator deployment/llmaz-gateway daemonset/llmaz-node-setup --timeout 120s >/dev/null
  grep -q 4001 <(cluster on node-1 cat "/etc/containerd/certs.d/$registry/hosts.toml") || fail "node-1 does not pull through its daemon"
}

uninstall_llmaz() { # name of what runs
  chart uninstall llmaz --wait >/dev/null
  for ((i = 1; i <= nodes; i++)); do await "node-$i as it was" 60 as_it_was "node-$i"; done
  ready "$1" "$nodes" || fail "replicas went with llmaz"
}

as_it_was() { # node
  [ "$(cluster on "$1" find /etc/containerd/certs.d -type f)" = "/etc/containerd/certs.d/$registry/hosts.toml" ] &&
    [ "$(cluster on "$1" cat "/etc/containerd/certs.d/$registry/hosts.toml")" = "$(administrators_hosts)" ]
}

objects() { # name, replicas
  cat <<YAML
apiVersion: llmaz.io/v1alpha1
kind: OpenModel
metadata: {name: $1}
spec: {familyName: e2e, source: {modelHub: {modelID: e2e/$1}}}
---
apiVersion: inference.llmaz.io/v1alpha1
kind: BackendRuntime
metadata: {name: e2e}
spec:
  image: $registry/runner
  version: "1"
  command: [sh, -c]
  envs: [${loader_env:-}]
  readinessProbe: {httpGet: {path: /sums, port: 8080}, periodSeconds: 1}
  recommendedConfigs:
    - name: default
      args: ["cd {{.ModelPath}} && mkdir -p /tmp/www && find . -type f | sort | xargs sha256sum >/tmp/www/sums && trap exit TERM && { httpd -f -p 8080 -h /tmp/www & wait; }"]
---
apiVersion: inference.llmaz.io/v1alpha1
kind: Playground
metadata: {name: $1, namespace: default}
spec: {replicas: $2, modelClaim: {modelName: $1}, backendRuntimeConfig: {backendName: e2e}}
YAML
}

deployed() { kube get deployment "$1" -o name; } # name
prepared() { [ "$(kube get p2ptasks -o json | jq '[.items[] | select(any(.status.conditions[]?; .type == "Ready" and .status == "True"))] | length')" = 2 ]; }
ready() { # name, replicas
  [ "$(kube get deployment "$1" -o jsonpath='{.status.readyReplicas}')" = "$2" ]
}

check_replicas() { # name, replicas
  local address count=0
  for address in $(kube get pods -l "llmaz.io/model-name=$1" -o jsonpath='{.items[*].status.podIP}'); do
    cluster on origin curl -fsS "http://$address:8080/sums" | grep -v '/\.' >"$work/got" || fail "pod $address does not answer"
    diff "$work/sums/$1" "$work/got" >&2 || fail "pod $address has other files"
    count=$((count + 1))
  done
  [ $count = "$2" ] || fail "$count pods of $1 instead of $2"
}
