# shellcheck shell=bash
# Hosts: a host is a network namespace e2e-NAME on one switch, with processes, mounts and a host name of its own.
# Needs $state (the cluster's folder), $lib and $shared (folders that every host sees as they are).

switch=e2e-switch
machine_rate=1000mbit

# Kills a process that we recorded, unless its number belongs to another one by now.
end_recorded() { # file with "pid starttime"
  local pid start
  [ -e "$1" ] || return 0
  read -r pid start <"$1"
  if [ "$(started_at "$pid")" = "$start" ]; then kill -KILL "$pid" 2>/dev/null || true; fi
  rm -f "$1"
}

started_at() { # pid
  # The name in parentheses may hold spaces; the start time is the 20th word after it.
  sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20 || true
}

switch_up() {
  ip netns add "$switch"
  switch_is_ours=yes # read by whoever takes it down
  ip -n "$switch" link add br0 type bridge
  ip -n "$switch" link set br0 up
  # Frames between hosts are no packets of the switch: its filters must not see them.
  nsenter --net="/run/netns/$switch" sh -c 'echo 0 >/proc/sys/net/bridge/bridge-nf-call-iptables' 2>/dev/null || true
}

host_up() { # name, address, rate of its link
  local name=$1 address=$2 rate=$3 folder=$state/hosts/$1 pid child
  mkdir -p "$folder"
  ip netns add "e2e-$name"
  ip link add eth0 netns "e2e-$name" mtu 1500 type veth peer name "$name" netns "$switch"
  ip -n "$switch" link set dev "$name" master br0 up
  ip -n "e2e-$name" address add "$address/24" dev eth0
  ip -n "e2e-$name" link set dev eth0 up
  nsenter --net="/run/netns/e2e-$name" sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
  host_rate "$name" "$rate"

  # As root of cgroups only; the processes join before they start anything.
  cgroups_create "$name"
  (
    cgroups_join "$name"
    exec nsenter --net="/run/netns/e2e-$name" \
      unshare --pid --fork --kill-child --mount --uts "$lib/host-init" "$name" "$folder" "${shared[@]}"
  ) >"$folder/init.log" 2>&1 </dev/null &
  pid=$!
  disown "$pid"
  for _ in $(seq 100); do
    child=$(cat "/proc/$pid/task/$pid/children" 2>/dev/null || true)
    child=${child%% *}
    if [ -n "$child" ] && [ -e "/proc/$child/root/run/ready" ] && [ ! -e "/proc/$child/root/.machine/proc" ]; then
      echo "$pid $(started_at "$pid")" >"$folder/pid"
      echo "$child" >"$folder/init"
      echo "$address" >"$folder/address"
      return
    fi
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  echo "e2e: host $name does not start: $(cat "$folder/init.log")" >&2
  kill -KILL "$pid" 2>/dev/null || true
  return 1
}

host_rate() { # name, rate: of both directions
  nsenter --net="/run/netns/e2e-$1" tc qdisc replace dev eth0 root tbf rate "$2" burst 256kb latency 100ms
  nsenter --net="/run/netns/$switch" tc qdisc replace dev "$1" root tbf rate "$2" burst 256kb latency 100ms
}

# Runs a command inside a host.
on() { # name, command...
  local init
  init=$(cat "$state/hosts/$1/init")
  shift
  nsenter --target "$init" --net --mount --pid --uts --wdns=/ -- "$@"
}

start_unit() { # host, unit, command...
  local host=$1
  shift
  on "$host" setsid --fork "$lib/supervise" "$@" </dev/null >/dev/null 2>&1
}

# The program of a unit is killed; it comes back by itself.
kill_unit() { on "$1" sh -c "kill -KILL \$(cat /run/units/$2.pid)"; }
# … and stays away until it is resumed.
stop_unit() { on "$1" sh -c "touch /run/units/$2.stopped; kill -KILL \$(cat /run/units/$2.pid)"; }
resume_unit() { on "$1" rm -f "/run/units/$2.stopped"; }

address_of() { cat "$state/hosts/$1/address"; }

bytes_sent() { # host: what left its link, headers too
  ip -n "e2e-$1" -json -statistics link show dev eth0 | jq '.[0].stats64.tx.bytes'
}

# Everything that host_up made, also what it made only half.
host_down() { # name
  local name=$1 folder=$state/hosts/$1
  end_recorded "$folder/pid"
  cgroups_remove "$name"
  ip netns delete "e2e-$name" 2>/dev/null || true
  rm -rf --one-file-system "$folder"
}
