package io.llmaz.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.llmaz.api.Names;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.api.p2p.SeedHoldings;
import io.llmaz.source.ManifestJson;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tasks from the API server, manifests from their ConfigMaps. What is complete is kept for a few
 * seconds: links live longer than that, and a task that was made anew must not be served as before.
 * Shorter while no seed is known to hold it, as pods come as soon as one does.
 */
final class KubernetesTaskStore implements TaskStore {
  private static final Logger log = LoggerFactory.getLogger(KubernetesTaskStore.class);
  private static final Duration KEPT = Duration.ofSeconds(10);
  private static final Duration KEPT_WITHOUT_SEEDS = Duration.ofSeconds(1);

  private final KubernetesClient client;
  private final String namespace;
  private final Cache<String, GatewayTask> tasks =
      Caffeine.newBuilder()
          .maximumSize(1000)
          .expireAfter(Expiry.creating((String name, GatewayTask task) -> kept(task)))
          .build();

  KubernetesTaskStore(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  @Override
  public Optional<GatewayTask> find(String name) {
    Optional<GatewayTask> known = Optional.ofNullable(tasks.getIfPresent(name));
    if (known.isPresent()) {
      return known;
    }
    Optional<GatewayTask> read = read(name);
    read.ifPresent(task -> tasks.put(name, task));
    return read;
  }

  private static Duration kept(GatewayTask task) {
    return task.holdings().equals(SeedHoldings.NONE) ? KEPT_WITHOUT_SEEDS : KEPT;
  }

  private Optional<GatewayTask> read(String name) {
    P2PTask task = client.resources(P2PTask.class).withName(name).get();
    ConfigMap configMap =
        client.configMaps().inNamespace(namespace).withName(Names.manifestConfigMap(name)).get();
    if (task == null || configMap == null || configMap.getBinaryData() == null) {
      return Optional.empty();
    }
    String gzipped = configMap.getBinaryData().get(Names.MANIFEST_KEY);
    if (gzipped == null) {
      return Optional.empty();
    }
    Optional<String> model =
        task.getMetadata().getOwnerReferences().stream()
            .filter(owner -> owner.getKind().equals("OpenModel"))
            .map(owner -> owner.getName())
            .findFirst();
    return Optional.of(
        new GatewayTask(
            name,
            model,
            task.getSpec(),
            ManifestJson.readGzip(Base64.getDecoder().decode(gzipped)),
            holdings(configMap)));
  }

  /** They only help: what cannot be read is as good as nothing. */
  private static SeedHoldings holdings(ConfigMap configMap) {
    String json = configMap.getData() == null ? null : configMap.getData().get(Names.HOLDINGS_KEY);
    if (json == null) {
      return SeedHoldings.NONE;
    }
    try {
      return SeedHoldings.parse(json);
    } catch (IllegalArgumentException e) {
      log.warn("ConfigMap {}: {}", configMap.getMetadata().getName(), e.getMessage());
      return SeedHoldings.NONE;
    }
  }
}
