package io.llmaz.local.cluster;

import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Map;

/** Writes single fields with JSON merge patches, which need no earlier read and cannot conflict. */
final class Merge {
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
  private static final KubernetesSerialization JSON = new KubernetesSerialization();

  private Merge() {}

  static void spec(Resource<?> resource, Map<String, ?> fields) {
    resource.patch(MERGE, JSON.asJson(Map.of("spec", fields)));
  }

  static void status(Resource<?> resource, Object status) {
    resource.subresource("status").patch(MERGE, JSON.asJson(Map.of("status", status)));
  }
}
