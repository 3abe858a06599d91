package io.llmaz.operator.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SharingStoreTest {
  private static final String DEPLOYMENT =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: %1$s
        namespace: default
        labels: {a: b}
        managedFields:
        - manager: llmaz
          operation: Apply
          apiVersion: apps/v1
          fieldsType: FieldsV1
          fieldsV1:
            f:metadata: {f:labels: {f:a: {}}, f:ownerReferences: {'k:{"uid":"%1$s"}': {}}}
            f:spec: {f:replicas: {}, f:template: {f:spec: {}}}
        - {manager: llmaz, operation: Apply, apiVersion: apps/v1, subresource: status}
        - {manager: kubectl, operation: Apply, apiVersion: apps/v1}
        - {manager: llmaz, operation: Update, apiVersion: apps/v1}
      spec:
        replicas: 1
        selector: {matchLabels: {a: b}}
        template: {spec: {containers: [{name: c, image: i}]}}
      """;

  private final SharingStore<Deployment> store = new SharingStore<>();

  @Test
  void put_twoObjectsWithEqualParts_keepsThosePartsOnce() {
    Deployment one = put("one");
    Deployment other = put("other");

    assertThat(one.getSpec().getTemplate().getSpec())
        .isSameAs(other.getSpec().getTemplate().getSpec());
    assertThat(one.getMetadata().getLabels()).isSameAs(other.getMetadata().getLabels());
    assertThat(tree(one, "f:spec")).isSameAs(tree(other, "f:spec"));
  }

  @Test
  void put_anObject_leavesAllButTheManagedFieldsOfOthers() {
    Deployment kept = put("one");
    Deployment given = read("one");

    assertThat(kept.getMetadata().getManagedFields())
        .containsExactly(given.getMetadata().getManagedFields().getFirst());
    kept.getMetadata().setManagedFields(null);
    given.getMetadata().setManagedFields(null);
    assertThat(kept).isEqualTo(given);
  }

  private Deployment put(String name) {
    Deployment deployment = read(name);
    store.put(store.getKey(deployment), deployment);
    return Objects.requireNonNull(store.get(store.getKey(deployment)));
  }

  private static @Nullable Object tree(Deployment deployment, String field) {
    return deployment
        .getMetadata()
        .getManagedFields()
        .getFirst()
        .getFieldsV1()
        .getAdditionalProperties()
        .get(field);
  }

  private static Deployment read(String name) {
    return Serialization.unmarshal(DEPLOYMENT.formatted(name), Deployment.class);
  }
}
