package io.llmaz.operator.p2p;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.llmaz.api.Labels;
import io.llmaz.api.Names;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.api.p2p.SeedHoldings;
import io.llmaz.source.Manifest;
import io.llmaz.source.ManifestJson;
import java.util.Base64;
import java.util.Optional;

/** Manifests in ConfigMaps, where the gateway reads them. */
class ManifestStore {
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager(Names.FIELD_MANAGER)
          .withForce(true)
          .build();

  private final KubernetesClient client;
  private final String namespace;

  ManifestStore(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** What a task was pinned to before; empty when it is another task's, or there is none. */
  Optional<Manifest> find(P2PTask task) {
    ConfigMap found =
        client
            .configMaps()
            .inNamespace(namespace)
            .withName(Names.manifestConfigMap(task.getMetadata().getName()))
            .get();
    return Optional.ofNullable(found)
        .filter(map ->
            map.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> owner.getUid().equals(task.getMetadata().getUid())))
        .map(map -> map.getBinaryData().get(Names.MANIFEST_KEY))
        .map(gzipped -> ManifestJson.readGzip(Base64.getDecoder().decode(gzipped)));
  }

  void store(P2PTask task, Manifest manifest) {
    String name = task.getMetadata().getName();
    client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(Names.manifestConfigMap(name))
                .withNamespace(namespace)
                .addToLabels(Labels.P2P_TASK, name)
                .addNewOwnerReference()
                .withApiVersion(task.getApiVersion())
                .withKind(task.getKind())
                .withName(name)
                .withUid(task.getMetadata().getUid())
                .endOwnerReference()
                .endMetadata()
                .addToBinaryData(
                    Names.MANIFEST_KEY,
                    Base64.getEncoder().encodeToString(ManifestJson.writeGzip(manifest)))
                .build())
        .patch(APPLY);
  }

  /**
   * Writes down which seeds hold a task's files, beside its manifest; nothing, when that is what
   * stands there.
   */
  void store(P2PTask task, SeedHoldings holdings) {
    Resource<ConfigMap> manifest =
        client
            .configMaps()
            .inNamespace(namespace)
            .withName(Names.manifestConfigMap(task.getMetadata().getName()));
    String json = holdings.toJson();
    ConfigMap stored = manifest.get();
    if (stored != null
        && (stored.getData() == null || !json.equals(stored.getData().get(Names.HOLDINGS_KEY)))) {
      manifest.patch(
          PatchContext.of(PatchType.JSON_MERGE),
          new ConfigMapBuilder().addToData(Names.HOLDINGS_KEY, json).build());
    }
  }
}
