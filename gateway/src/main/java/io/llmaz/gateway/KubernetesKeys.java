package io.llmaz.gateway;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;

/**
 * The keys that sign links, from Secret {@code llmaz-gateway-key}: {@code key} signs, {@code
 * previous} (if there) still verifies. Made on first use; see {@link KeyRing} for rotation.
 */
final class KubernetesKeys implements Supplier<List<byte[]>> {
  private static final String NAME = "llmaz-gateway-key";
  private static final int BYTES = 32;

  private final KubernetesClient client;
  private final String namespace;

  KubernetesKeys(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  @Override
  public List<byte[]> get() {
    Secret secret = client.secrets().inNamespace(namespace).withName(NAME).get();
    if (secret == null) {
      secret = create();
    }
    List<byte[]> found = new ArrayList<>();
    for (String field : new String[] {"key", "previous"}) {
      if (secret.getData() != null && secret.getData().containsKey(field)) {
        found.add(Base64.getDecoder().decode(secret.getData().get(field)));
      }
    }
    if (found.isEmpty()) {
      throw new IllegalStateException("Secret " + namespace + "/" + NAME + " has no field key");
    }
    return List.copyOf(found);
  }

  private Secret create() {
    byte[] key = new byte[BYTES];
    new SecureRandom().nextBytes(key);
    Secret secret =
        new SecretBuilder()
            .withNewMetadata()
            .withName(NAME)
            .withNamespace(namespace)
            .endMetadata()
            .addToData("key", Base64.getEncoder().encodeToString(key))
            .build();
    try {
      return client.resource(secret).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != 409) {
        throw e;
      }
      return client.secrets().inNamespace(namespace).withName(NAME).require(); // Another replica's.
    }
  }
}
