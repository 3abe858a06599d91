package io.llmaz.local.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads them from the API server. */
final class ServerPodObjects implements PodObjects {
  private final KubernetesClient client;
  private final String namespace;

  ServerPodObjects(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  @Override
  public Optional<Map<String, byte[]>> secret(String name) {
    Secret secret = client.secrets().inNamespace(namespace).withName(name).get();
    if (secret == null) {
      return Optional.empty();
    }
    Map<String, byte[]> values = new HashMap<>();
    if (secret.getData() != null) {
      secret.getData().forEach((key, value) -> values.put(key, Base64.getDecoder().decode(value)));
    }
    return Optional.of(values);
  }

  @Override
  public Optional<Map<String, byte[]>> configMap(String name) {
    ConfigMap map = client.configMaps().inNamespace(namespace).withName(name).get();
    if (map == null) {
      return Optional.empty();
    }
    Map<String, byte[]> values = new HashMap<>();
    if (map.getData() != null) {
      map.getData()
          .forEach((key, value) -> values.put(key, value.getBytes(StandardCharsets.UTF_8)));
    }
    if (map.getBinaryData() != null) {
      map.getBinaryData()
          .forEach((key, value) -> values.put(key, Base64.getDecoder().decode(value)));
    }
    return Optional.of(values);
  }

  @Override
  public String token(String serviceAccount, @Nullable String audience, @Nullable Long seconds)
      throws ContainerProblem {
    TokenRequest request =
        new TokenRequestBuilder()
            .withNewSpec()
            .withExpirationSeconds(seconds == null ? 3600L : seconds)
            .endSpec()
            .build();
    if (audience != null) {
      request.getSpec().setAudiences(List.of(audience));
    }
    TokenRequest answer =
        client
            .serviceAccounts()
            .inNamespace(namespace)
            .withName(serviceAccount)
            .tokenRequest(request);
    if (answer == null || answer.getStatus() == null) {
      throw ContainerProblem.config("no token for service account \"" + serviceAccount + "\"");
    }
    return answer.getStatus().getToken();
  }
}
