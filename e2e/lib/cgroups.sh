# shellcheck shell=bash
# The cgroups of a host: e2e-NAME, in each controller (version 1) or in the one tree (version 2).

cgroup_roots() {
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
    echo /sys/fs/cgroup
  else
    local folder
    for folder in /sys/fs/cgroup/*; do
      # Not the empty version 2 tree that may hang beside the controllers.
      if [ -d "$folder" ] && [ ! -L "$folder" ] && [ ! -e "$folder/cgroup.controllers" ]; then echo "$folder"; fi
    done
  fi
}

cgroups_create() { # name
  local root
  for root in $(cgroup_roots); do
    mkdir -p "$root/e2e-$1"
    if [ -e "$root/cpuset.cpus" ] && [ ! -e "$root/cgroup.controllers" ]; then
      # A new cpuset is empty, and an empty one runs nothing.
      cat "$root/cpuset.cpus" >"$root/e2e-$1/cpuset.cpus"
      cat "$root/cpuset.mems" >"$root/e2e-$1/cpuset.mems"
    elif [ -e "$root/cgroup.controllers" ]; then
      # With children that have controllers a cgroup has no processes of its own: the host's go into a leaf.
      sed 's/[^ ]*/+&/g' "$root/cgroup.controllers" >"$root/cgroup.subtree_control" || true
      sed 's/[^ ]*/+&/g' "$root/e2e-$1/cgroup.controllers" >"$root/e2e-$1/cgroup.subtree_control"
      mkdir -p "$root/e2e-$1/host"
    fi
  done
}

cgroups_join() { # name: this process
  local root leaf
  for root in $(cgroup_roots); do
    leaf=$root/e2e-$1
    [ ! -d "$leaf/host" ] || leaf=$leaf/host
    echo "$BASHPID" >"$leaf/cgroup.procs"
  done
}

# Ends what is left in them, then removes them, deepest first.
cgroups_remove() { # name
  local root folder pid
  for _ in $(seq 50); do
    folder=
    # Also the version 2 tree beside the controllers: containers make groups there on their own.
    for root in $(cgroup_roots) /sys/fs/cgroup/unified; do
      [ -d "$root/e2e-$1" ] || continue
      find "$root/e2e-$1" -name cgroup.procs -exec cat {} + 2>/dev/null | while read -r pid; do
        kill -KILL "$pid" 2>/dev/null || true
      done
      find "$root/e2e-$1" -depth -type d -exec rmdir {} + 2>/dev/null || true
      [ ! -d "$root/e2e-$1" ] || folder=$root/e2e-$1
    done
    [ -n "$folder" ] || return 0
    sleep 0.1
  done
  echo "e2e: cannot remove $folder" >&2
}
