# shellcheck shell=bash
# The control plane on host "control": etcd, kube-apiserver, controller-manager, scheduler. Credentials are made for this cluster.

token_of() { sed -n "s/^\([^,]*\),$1,.*/\1/p" "$state/pki/tokens.csv"; }

pki_create() {
  local pki=$state/pki user
  mkdir -p "$pki"
  chmod 700 "$pki"
  {
    openssl ecparam -name prime256v1 -genkey -noout -out "$pki/ca.key"
    openssl req -x509 -new -key "$pki/ca.key" -subj /CN=e2e -days 2 -out "$pki/ca.crt"
    openssl ecparam -name prime256v1 -genkey -noout -out "$pki/server.key"
    openssl req -new -key "$pki/server.key" -subj /CN=kube-apiserver -out "$pki/server.csr"
    openssl x509 -req -in "$pki/server.csr" -CA "$pki/ca.crt" -CAkey "$pki/ca.key" -CAcreateserial -days 2 -out "$pki/server.crt" \
      -extfile <(echo "subjectAltName=IP:$control_address,IP:$service_net.0.1,IP:127.0.0.1,DNS:kubernetes.default.svc")
    openssl genrsa -out "$pki/accounts.key" 2048
  } 2>"$pki/openssl.log"
  for user in admin:system:masters system:kube-controller-manager: system:kube-scheduler: system:kube-proxy:; do
    printf '%s,%s,%s,"%s"\n' "$(openssl rand -hex 16)" "${user%:*}" "${user%:*}" "${user##*:}"
  done | sed 's/,admin:system,admin:system,"masters"/,admin,admin,"system:masters"/' >"$pki/tokens.csv"
  for ((i = 1; i <= node_slots; i++)); do
    printf '%s,system:node:node-%d,system:node:node-%d,"system:nodes"\n' "$(openssl rand -hex 16)" "$i" "$i"
  done >>"$pki/tokens.csv"
}

kubeconfig() { # user
  cat <<YAML
apiVersion: v1
kind: Config
clusters: [{name: e2e, cluster: {server: "https://$control_address:6443", certificate-authority: $state/pki/ca.crt}}]
users: [{name: user, user: {token: $(token_of "$1")}}]
contexts: [{name: e2e, context: {cluster: e2e, user: user}}]
current-context: e2e
YAML
}

control_up() {
  host_up control "$control_address" "$machine_rate"
  for user in admin system:kube-controller-manager system:kube-scheduler system:kube-proxy; do
    kubeconfig "$user" >"$state/pki/${user##*:}.kubeconfig"
  done
  start_unit control etcd etcd --data-dir /var/lib/etcd --unsafe-no-fsync --listen-peer-urls http://127.0.0.1:2380
  start_unit control kube-apiserver "$tools/bin/kube-apiserver" --etcd-servers http://127.0.0.1:2379 \
    --tls-cert-file "$state/pki/server.crt" --tls-private-key-file "$state/pki/server.key" --client-ca-file "$state/pki/ca.crt" \
    --service-account-issuer https://kubernetes.default.svc --service-account-key-file "$state/pki/accounts.key" \
    --service-account-signing-key-file "$state/pki/accounts.key" --token-auth-file "$state/pki/tokens.csv" \
    --authorization-mode Node,RBAC --service-cluster-ip-range "$service_net.0.0/16" --advertise-address "$control_address" \
    --allow-privileged --profiling=false --kubelet-preferred-address-types InternalIP
  wait_for "the API server" kube get --raw /readyz
  start_unit control kube-controller-manager "$tools/bin/kube-controller-manager" --kubeconfig "$state/pki/kube-controller-manager.kubeconfig" \
    --root-ca-file "$state/pki/ca.crt" --service-account-private-key-file "$state/pki/accounts.key" --use-service-account-credentials \
    --leader-elect=false --controllers '*,-nodeipam,-cloud-node-lifecycle,-service-lb-controller' --node-monitor-grace-period 20s
  start_unit control kube-scheduler "$tools/bin/kube-scheduler" --kubeconfig "$state/pki/kube-scheduler.kubeconfig" --leader-elect=false
}

kube() { nsenter --net=/run/netns/e2e-control kubectl --kubeconfig "$state/pki/admin.kubeconfig" "$@"; }

wait_for() { # what, command...: for at most two minutes
  local what=$1 end=$((SECONDS + 120))
  shift
  until "$@" >"$state/wait.log" 2>&1; do
    if [ $SECONDS -ge $end ]; then
      echo "e2e: $what is not there after two minutes: $(tail -3 "$state/wait.log")" >&2
      return 1
    fi
    sleep 0.3
  done
}
