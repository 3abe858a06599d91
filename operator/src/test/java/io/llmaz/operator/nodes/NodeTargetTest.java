package io.llmaz.operator.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import org.junit.jupiter.api.Test;

final class NodeTargetTest {
  @Test
  void of_readyNode_isItsInternalAddress() {
    NodeTarget target = NodeTarget.of(node("True"));

    assertThat(target.address()).isEqualTo("10.0.0.7");
    assertThat(target.ready()).isTrue();
  }

  @Test
  void of_nodeWhoseKubeletIsAway_isNotReady() {
    assertThat(NodeTarget.of(node("Unknown")).ready()).isFalse();
  }

  @Test
  void of_nodeWithoutStatus_isNotReady() {
    Node fresh = new NodeBuilder(node("True")).withStatus(null).build();

    assertThat(NodeTarget.of(fresh).ready()).isFalse();
  }

  private static Node node(String ready) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName("n")
        .withUid("u")
        .endMetadata()
        .withNewStatus()
        .addNewAddress("n", "Hostname")
        .addNewAddress("10.0.0.7", "InternalIP")
        .addNewCondition()
        .withType("Ready")
        .withStatus(ready)
        .endCondition()
        .endStatus()
        .build();
  }
}
