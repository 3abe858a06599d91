package io.llmaz.local.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlacementTest {
  private static final Pod PENDING = pod("pending", "");

  private static Pod pod(String name, String node) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withNodeName(node)
        .endSpec()
        .build();
  }

  private static Node node(String name, String ready) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName(name)
        .addToLabels("zone", name)
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .withNewStatus()
        .addNewCondition()
        .withType("Ready")
        .withStatus(ready)
        .endCondition()
        .endStatus()
        .build();
  }

  @Test
  void choose_severalReady_takesTheOneWithFewestPods() {
    List<Node> nodes = List.of(node("a", "True"), node("b", "True"));

    assertThat(Placement.choose(PENDING, nodes, List.of(pod("x", "a")))).contains(nodes.get(1));
  }

  @Test
  void choose_notReadyOrCordoned_isPassedOver() {
    Node cordoned = node("c", "True").edit().editSpec().withUnschedulable(true).endSpec().build();

    assertThat(Placement.choose(PENDING, List.of(node("a", "False"), cordoned), List.of()))
        .isEmpty();
  }

  @Test
  void choose_nodeSelector_wantsItsLabels() {
    Pod picky = PENDING.edit().editSpec().withNodeSelector(Map.of("zone", "b")).endSpec().build();
    List<Node> nodes = List.of(node("a", "True"), node("b", "True"));

    assertThat(Placement.choose(picky, nodes, List.of(pod("x", "b")))).contains(nodes.get(1));
  }
}
