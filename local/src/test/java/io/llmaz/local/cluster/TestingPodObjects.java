package io.llmaz.local.cluster;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Secrets and ConfigMaps held in memory; tokens name for whom they are and count up. */
final class TestingPodObjects implements PodObjects {
  private final Map<String, Map<String, byte[]>> secrets = new HashMap<>();
  private final Map<String, Map<String, byte[]>> configMaps = new HashMap<>();
  private int tokens;

  TestingPodObjects withSecret(String name, String key, String value) {
    secrets.put(name, Map.of(key, value.getBytes(StandardCharsets.UTF_8)));
    return this;
  }

  TestingPodObjects withConfigMap(String name, String key, String value) {
    configMaps.put(name, Map.of(key, value.getBytes(StandardCharsets.UTF_8)));
    return this;
  }

  @Override
  public Optional<Map<String, byte[]>> secret(String name) {
    return Optional.ofNullable(secrets.get(name));
  }

  @Override
  public Optional<Map<String, byte[]>> configMap(String name) {
    return Optional.ofNullable(configMaps.get(name));
  }

  @Override
  public String token(String account, @Nullable String audience, @Nullable Long seconds) {
    return "token " + ++tokens + " of " + account + " for " + audience;
  }
}
