package io.llmaz.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.llmaz.source.ObjectStoreKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Secrets of our own namespace: llmaz's {@code modelhub-secret} with the keys {@code HF_TOKEN} and
 * {@code MODELSCOPE_API_TOKEN}, {@code aws-access-secret}, {@code oss-access-secret}, {@code
 * gcs-access-secret} (key {@code credentials.json}), and pull secrets ({@code
 * kubernetes.io/dockerconfigjson}) with label {@code llmaz.io/registry=true}. Read again after half
 * a minute, so a renewed one needs no restart.
 */
final class KubernetesCredentials implements Credentials {
  private static final Logger log = LoggerFactory.getLogger(KubernetesCredentials.class);
  private static final String HUB_SECRET = "modelhub-secret";
  private static final Duration KEPT = Duration.ofSeconds(30);

  private final LoadingCache<String, Optional<Secret>> secrets;
  private final LoadingCache<String, Map<String, String>> accounts;

  KubernetesCredentials(KubernetesClient client, String namespace) {
    this.secrets =
        Caffeine.newBuilder()
            .expireAfterWrite(KEPT)
            .build(name ->
                Optional.ofNullable(client.secrets().inNamespace(namespace).withName(name).get()));
    this.accounts =
        Caffeine.newBuilder()
            .expireAfterWrite(KEPT)
            .build(all -> {
              Map<String, String> found = new HashMap<>();
              client
                  .secrets()
                  .inNamespace(namespace)
                  .withLabel("llmaz.io/registry", "true")
                  .list()
                  .getItems()
                  .forEach(secret -> read(secret, found));
              return found;
            });
  }

  @Override
  public Optional<String> hubToken() {
    return secrets.get(HUB_SECRET).flatMap(secret -> value(secret, "HF_TOKEN"));
  }

  @Override
  public Optional<String> modelScopeToken() {
    return secrets.get(HUB_SECRET).flatMap(secret -> value(secret, "MODELSCOPE_API_TOKEN"));
  }

  @Override
  public Optional<ObjectStoreKey> objectStoreKey(StoreAccount account) {
    return switch (account) {
      case AWS -> key("aws-access-secret", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
      case OSS -> key("oss-access-secret", "OSS_ACCESS_KEY_ID", "OSS_ACCESS_KEY_SECRET");
    };
  }

  @Override
  public Optional<String> googleServiceAccount() {
    return secrets.get("gcs-access-secret").flatMap(secret -> value(secret, "credentials.json"));
  }

  private Optional<ObjectStoreKey> key(String name, String id, String secret) {
    return secrets
        .get(name)
        .flatMap(
            s -> value(s, id).flatMap(i -> value(s, secret).map(v -> new ObjectStoreKey(i, v))));
  }

  @Override
  public Optional<String> registryAccount(String host) {
    Map<String, String> all = accounts.get("all");
    String dockerHub = "https://index.docker.io/v1/";
    return Optional.ofNullable(
        all.getOrDefault(host, host.endsWith("docker.io") ? all.get(dockerHub) : null));
  }

  private static void read(Secret secret, Map<String, String> into) {
    value(secret, ".dockerconfigjson")
        .ifPresent(text -> {
          try {
            JsonNode auths = new ObjectMapper().readTree(text).path("auths");
            auths
                .properties()
                .forEach(entry -> into.put(entry.getKey(), account(entry.getValue())));
          } catch (IOException e) {
            // The parser's message may quote the secret, so it is not written.
            log.warn("Secret {} holds no docker configuration", secret.getMetadata().getName());
          }
        });
  }

  private static String account(JsonNode entry) {
    return entry.hasNonNull("auth")
        ? new String(
            Base64.getDecoder().decode(entry.path("auth").asText()), StandardCharsets.UTF_8)
        : entry.path("username").asText() + ":" + entry.path("password").asText();
  }

  private static Optional<String> value(Secret secret, String key) {
    return Optional.ofNullable(secret.getData())
        .map(data -> data.get(key))
        .map(v -> new String(Base64.getDecoder().decode(v), StandardCharsets.UTF_8).strip())
        .filter(v -> !v.isEmpty());
  }
}
