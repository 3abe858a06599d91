package io.llmaz.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.llmaz.api.Crds;
import io.llmaz.api.Names;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings our CustomResourceDefinitions up to the version that this operator was built with. Helm
 * installs those of a chart but never upgrades them, and an operator that meets an older schema
 * would lose the fields that it does not know.
 */
final class CrdUpgrade {
  private static final Logger log = LoggerFactory.getLogger(CrdUpgrade.class);
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager(Names.FIELD_MANAGER)
          .withForce(true)
          .build();

  private CrdUpgrade() {}

  /**
   * Applies them all; what is equal stays as it is.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException when the API server refuses one
   */
  static void run(KubernetesClient client) {
    for (String name : Crds.NAMES) {
      for (HasMetadata crd : definitions(client, name)) {
        HasMetadata stored = client.resource(crd).patch(APPLY);
        log.info(
            "CustomResourceDefinition {}: in force at generation {}",
            stored.getMetadata().getName(),
            stored.getMetadata().getGeneration());
      }
    }
  }

  private static List<HasMetadata> definitions(KubernetesClient client, String name) {
    byte[] yaml = Crds.yaml(name).getBytes(StandardCharsets.UTF_8);
    return client.load(new ByteArrayInputStream(yaml)).items();
  }
}
