package io.llmaz.operator.inference;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.llmaz.api.Names;

/** Server-side apply as manager {@code llmaz}, with force: what we apply is ours. */
final class Applier {
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager(Names.FIELD_MANAGER)
          .withForce(true)
          .build();

  private final KubernetesClient client;

  Applier(KubernetesClient client) {
    this.client = client;
  }

  /** Applies a freshly built object and gives what is stored now. */
  <R extends HasMetadata> R apply(R wanted) {
    return client.resource(wanted).patch(APPLY);
  }

  void delete(HasMetadata object) {
    client.resource(object).delete();
  }
}
