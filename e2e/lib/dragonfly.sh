# shellcheck shell=bash
# Dragonfly without manager: its scheduler or ours, a seed, and a dfdaemon on each node.

dragonfly_scheduler_up() {
  host_up scheduler "$scheduler_address" "$machine_rate"
  on scheduler mkdir -p /etc/dragonfly /var/lib/dragonfly/plugins
  on scheduler tee /etc/dragonfly/scheduler.yaml >/dev/null <<YAML
server: {advertiseIP: $scheduler_address, listenIP: $scheduler_address, port: 8002, logDir: /var/log, dataDir: /var/lib/dragonfly, pluginDir: /var/lib/dragonfly/plugins}
scheduler: {algorithm: default, backToSourceCount: 200, retryBackToSourceLimit: 4, retryLimit: 5, retryInterval: 500ms}
job: {enable: false}
metrics: {enable: false}
YAML
  start_unit scheduler scheduler "$tools/bin/scheduler" --config /etc/dragonfly/scheduler.yaml --dynconfig /etc/dragonfly/dynconfig.yaml
  wait_for "Dragonfly's scheduler" on scheduler bash -c "</dev/tcp/$scheduler_address/8002"
}

# Our scheduler at the place of Dragonfly's. Needs $home and JAVA_HOME.
llmaz_scheduler_up() {
  host_up scheduler "$scheduler_address" "$machine_rate"
  java_in scheduler scheduler "$home/scheduler/target/dist/*" io.llmaz.scheduler.Main
  wait_for "our scheduler" on scheduler curl -fsS http://127.0.0.1:8000/readyz
}

java_in() { # host, unit, class path, arguments...
  local host=$1 unit=$2 classes=$3
  shift 3
  start_unit "$host" "$unit" "$JAVA_HOME/bin/java" -XX:+UseSerialGC -Xmx256m --enable-native-access=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow -cp "$classes" "$@"
}

seed_up() { # rate
  host_up seed "$seed_address" "$1"
  dfdaemon_up seed 'seedPeer: {enable: true, type: super}'
}

# Hosts share the machine's disk: that it is fuller than dfdaemon's 80 % is no reason to evict what they have.
dfdaemon_up() { # host, further configuration
  local address
  address=$(address_of "$1")
  on "$1" mkdir -p /etc/dragonfly /run/dragonfly /var/lib/dragonfly /tmp/plugins
  on "$1" tee /etc/dragonfly/dfdaemon.yaml >/dev/null <<YAML
host: {ip: $address, hostname: $1}
${2:-}
server: {pluginDir: /tmp/plugins, cacheDir: /tmp/cache}
download: {protocol: tcp, server: {socketPath: /run/dragonfly/dfdaemon.sock}, concurrentPieceCount: ${concurrent_pieces:-8}${download_timeouts:-}}
upload: {server: {ip: $address, port: 4000}}
proxy: {server: {ip: 0.0.0.0, port: 4001}, rules: [{regex: 'blobs/sha256.*'}]}
metrics: {server: {port: 4002}}
health: {server: {port: 4003}}
stats: {server: {port: 4004}}
storage: {dir: /var/lib/dragonfly, keep: true, server: {tcpPort: 4005, quicPort: 4006}}
gc: {policy: {distHighThresholdPercent: 98, distLowThresholdPercent: 96}}
scheduler: {announceInterval: 10s}
YAML
  on "$1" tee /etc/dragonfly/dynconfig.yaml >/dev/null <<YAML
scheduler: {addrs: ['$scheduler_address:8002']}
YAML
  start_unit "$1" dfdaemon "$tools/dragonfly-client/bin/dfdaemon" --config /etc/dragonfly/dfdaemon.yaml --dynconfig /etc/dragonfly/dynconfig.yaml --console
  wait_for "dfdaemon on $1" on "$1" curl -fsS -o /dev/null http://127.0.0.1:4003/healthy
}
