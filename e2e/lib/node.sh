# shellcheck shell=bash
# A Kubernetes node: containerd, kubelet, kube-proxy and, with P2P, a dfdaemon. Pods of node i have addresses POD_NET.i.x.

node_up() { # number, rate
  local number=$1 name=node-$1
  host_up "$name" "$host_net.$((10 + number))" "$2"
  on "$name" mkdir -p /etc/containerd/certs.d /etc/cni/net.d /etc/kubernetes
  on "$name" tee /etc/containerd/config.toml >/dev/null <<TOML
version = 2
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs"]
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "$pause_image"
  # A pid namespace of ours may not lower the score below its own.
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "/etc/containerd/certs.d"
TOML
  on "$name" tee /etc/cni/net.d/10-bridge.conflist >/dev/null <<JSON
{"cniVersion": "0.4.0", "name": "e2e", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "hairpinMode": true,
   "ipam": {"type": "host-local", "ranges": [[{"subnet": "$pod_net.$number.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
JSON
  kubeconfig "system:node:$name" | on "$name" tee /etc/kubernetes/kubelet.kubeconfig >/dev/null
  on "$name" tee /etc/kubernetes/kubelet.yaml >/dev/null <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: {anonymous: {enabled: true}, webhook: {enabled: false}}
authorization: {mode: AlwaysAllow}
cgroupDriver: cgroupfs
cgroupRoot: /e2e-$name
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
failSwapOn: false
nodeStatusUpdateFrequency: 5s
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%}
imageGCHighThresholdPercent: 100
maxParallelImagePulls: 4
serializeImagePulls: false
YAML
  start_unit "$name" containerd containerd
  start_unit "$name" kubelet "$tools/bin/kubelet" --config /etc/kubernetes/kubelet.yaml --kubeconfig /etc/kubernetes/kubelet.kubeconfig \
    --node-ip "$(address_of "$name")" --hostname-override "$name"
  start_unit "$name" kube-proxy "$tools/bin/kube-proxy" --kubeconfig "$state/pki/kube-proxy.kubeconfig" --proxy-mode iptables \
    --cluster-cidr "$pod_net.0.0/16" --hostname-override "$name" --conntrack-max-per-core 0 --conntrack-tcp-timeout-established 0 \
    --conntrack-tcp-timeout-close-wait 0
  wait_for "containerd on $name" on "$name" ctr version
  on "$name" ctr -n k8s.io images import "$state/images/pause.tar" >/dev/null
}

# Every host knows where the pods of every node are.
routes_up() {
  local folder host name number
  for folder in "$state"/hosts/*/; do
    host=$(basename "$folder")
    for number in $(node_numbers); do
      name=node-$number
      [ "$host" = "$name" ] || ip -n "e2e-$host" route replace "$pod_net.$number.0/24" via "$(address_of "$name")"
    done
    # A service's address is never on the wire from a node: it needs some route to be rewritten on its way out.
    if [[ $host == node-* ]]; then
      ip -n "e2e-$host" route replace "$service_net.0.0/16" dev eth0
    else
      ip -n "e2e-$host" route replace "$service_net.0.0/16" via "$(address_of node-1)"
    fi
  done
}

node_numbers() {
  local folder
  for folder in "$state"/hosts/node-*/; do [ ! -d "$folder" ] || basename "$folder" | cut -d- -f2; done | sort -n
}

nodes_ready() {
  local ready
  ready=$(kube get nodes -o json | jq '[.items[] | select(any(.status.conditions[]; .type == "Ready" and .status == "True"))] | length')
  echo "$ready nodes are ready"
  [ "$ready" = "$(node_numbers | wc -l)" ]
}
