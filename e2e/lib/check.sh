# shellcheck shell=bash
# Whether a cluster can be here: programs, rights, and what the kernel allows. Says what is missing and changes nothing.

check() {
  local missing=() program
  [ "$(uname)" = Linux ] && [ "$(id -u)" = 0 ] || { echo "e2e/cluster: namespaces and links take root on Linux" >&2; exit 69; }
  for program in ip tc nsenter unshare iptables jq busybox openssl curl kubectl etcd containerd runc docker-registry; do
    command -v "$program" >/dev/null || missing+=("$program")
  done
  for program in bin/{kube-apiserver,kube-controller-manager,kube-scheduler,kube-proxy,kubelet,helm,scheduler} dragonfly-client/bin/{dfdaemon,dfget}; do
    [ -x "$tools/$program" ] || missing+=("$(basename "$program")")
  done
  [ ${#missing[@]} = 0 ] || { echo "e2e/cluster: missing: ${missing[*]}; e2e/tools/install" >&2; exit 69; }
  local said
  said=$(kernel_allows 2>&1) || { echo "e2e/cluster: this machine does not allow what hosts are made of: $(tail -1 <<<"$said")" >&2; exit 69; }
}

# In namespaces that end with the command: a file system over the machine's, a link with a rate, a packet filter; and a cgroup.
kernel_allows() {
  local root
  unshare --net --mount --uts --pid --fork --kill-child sh -ec '
    mount --make-rprivate /
    mount -t tmpfs check /mnt
    mkdir /mnt/upper /mnt/work /mnt/root
    mount -t overlay check -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root
    ip link add check0 type veth peer name check1
    tc qdisc add dev check0 root tbf rate 1mbit burst 32kb latency 50ms
    ip link add check2 type bridge
    iptables -t nat -L -n' || return
  for root in $(cgroup_roots); do mkdir "$root/e2e-check-$$" && rmdir "$root/e2e-check-$$" || return; done
}
