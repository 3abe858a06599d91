package io.llmaz.scheduler;

import io.llmaz.dragonfly.api.common.Host;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The hosts that announced themselves, and until when they count. Guarded by the swarm's lock. */
final class SwarmHosts {
  private final Map<String, Announced> hosts = new HashMap<>();

  /** Kept by themselves: each decision asks for them, and there may be thousands of hosts. */
  private final Map<String, Host> seeds = new HashMap<>();

  private List<Host> seedList = List.of();

  private record Announced(Host host, Instant expires) {}

  /** A host announces itself, anew or again; whether it was not here before. */
  boolean announce(Host host, Instant expires) {
    if (host.getType() != 0) {
      seeds.put(host.getId(), host);
      seedList = List.copyOf(seeds.values());
    } else {
      removeSeed(host.getId());
    }
    return hosts.put(host.getId(), new Announced(host, expires)) == null;
  }

  /** Whether it was here. */
  boolean remove(String id) {
    removeSeed(id);
    return hosts.remove(id) != null;
  }

  private void removeSeed(String id) {
    if (seeds.remove(id) != null) {
      seedList = List.copyOf(seeds.values());
    }
  }

  Optional<Host> get(String id) {
    return Optional.ofNullable(hosts.get(id)).map(Announced::host);
  }

  List<Host> all() {
    return hosts.values().stream().map(Announced::host).toList();
  }

  /** The same list until a seed comes, goes or says something new of itself. */
  List<Host> seeds() {
    return seedList;
  }

  int count() {
    return hosts.size();
  }

  /** Ids of those who were silent too long. */
  List<String> expired(Instant now) {
    return hosts.entrySet().stream()
        .filter(host -> now.isAfter(host.getValue().expires()))
        .map(Map.Entry::getKey)
        .toList();
  }
}
