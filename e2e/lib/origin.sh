# shellcheck shell=bash
# The source of everything: a registry with the images, and a hub with one gated model per name.

runner_image() {
  mkdir -p "$work/runner/bin" "$work/ballast/opt"
  cp "$(command -v busybox)" "$work/runner/bin/busybox"
  for name in sh find sort xargs sha256sum mkdir httpd; do ln -s busybox "$work/runner/bin/$name"; done
  head -c $((${image_mebibytes:-16} << 20)) /dev/urandom >"$work/ballast/opt/libraries"
  "$home/images/archive" "$registry/runner:1" "$work/images/runner.tar" '{"Env":["PATH=/bin"]}' "$work/runner" "$work/ballast"
}

token_create() {
  printf 'hf_%s' "$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')" >"$work/token"
  # A host sees its own files only beside the shared folders.
  cp "$work/token" "$state/pki/"
}

model() { # name, mebibytes, files
  local folder=$state/pki/models/$1 i
  mkdir -p "$folder" "$work/sums"
  echo "{\"model_type\": \"$1\"}" >"$folder/config.json"
  for ((i = 1; i <= $3; i++)); do head -c $((($2 << 20) / $3)) /dev/urandom >"$folder/$(printf 'model-%05d-of-%05d.safetensors' "$i" "$3")"; done
  (cd "$folder" && find . -type f | sort | xargs sha256sum) >"$work/sums/$1"
}

unique_bytes() { cat "$state/pki/models/$1"/* | wc -c; } # name

origin_up() {
  local java_home name list= i
  java_home=$("$home/llmaz" --java-home)
  for name in "$state"/pki/models/*; do list+=${list:+,}e2e/$(basename "$name")=$name; done
  cluster on origin tee /etc/registry.yml >/dev/null <<YAML
version: 0.1
log: {level: warn, accesslog: {disabled: false}}
storage: {filesystem: {rootdirectory: /var/lib/registry}}
http: {addr: "0.0.0.0:5000"}
YAML
  cluster on origin setsid --fork "$here/lib/supervise" registry docker-registry serve /etc/registry.yml </dev/null >/dev/null 2>&1
  cluster on origin setsid --fork "$here/lib/supervise" hub env LLMAZ_HUB_LISTEN="$hub" LLMAZ_HUB_MODELS="$list" \
    LLMAZ_HUB_WORK=/var/lib/e2e-hub LLMAZ_HUB_TOKEN_FILE="$state/pki/token" LLMAZ_HUB_CONTROL=8091 \
    "$java_home/bin/java" -XX:+UseSerialGC -Xmx256m -cp "$home/cli/target/dist/*" io.llmaz.local.hub.Main </dev/null >/dev/null 2>&1
  await "the registry" 30 cluster on origin curl -fs "http://$registry/v2/"
  await "the hub" 30 cluster on origin curl -s "http://$hub/"
  cp "$work"/images/*.tar "$state/pki/"
  for archive in "$state"/pki/*.tar; do cluster on origin "$home/images/push" "$archive" "http://$registry"; done
  for ((i = 1; i <= nodes; i++)); do registry_known "node-$i"; done
}

# What an administrator has on each node already: this registry speaks plain HTTP.
administrators_hosts() {
  printf 'server = "%s"\n[host."%s"]\ncapabilities = ["pull", "resolve"]\n' "http://$registry" "http://$registry"
}
registry_known() { # node
  cluster on "$1" mkdir -p "/etc/containerd/certs.d/$registry"
  administrators_hosts | cluster on "$1" tee "/etc/containerd/certs.d/$registry/hosts.toml" >/dev/null
}

# Bytes of files that left the hub: large ones by its content host, small ones by itself.
hub_bytes() {
  cluster on origin cat /var/log/hub.log | grep '"part"' |
    jq -s '[.[] | select(.method == "GET" and (.part == "CONTENT" or (.path | endswith("/config.json")))) | .bytes] | add // 0'
}
# Bytes of the runner image's blobs that left the registry for a host's address.
registry_bytes() { # pattern of addresses
  cluster on origin cat /var/log/registry.log | awk -v from="^$1 .*\"GET /v2/runner/blobs/" '$0 ~ from {sum += $10} END {print sum + 0}'
}
image_bytes() { tar -tvf "$work/images/runner.tar" | awk '/blobs/ {sum += $3} END {print sum}'; }
