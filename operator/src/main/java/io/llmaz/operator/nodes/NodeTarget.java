package io.llmaz.operator.nodes;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.NodeStatus;
import java.util.Optional;

/**
 * A node as it matters here.
 *
 * @param name of the Node
 * @param incarnation another one after each boot: what was on its disk may be gone
 * @param address where its daemon answers; empty before the kubelet tells
 * @param ready whether the kubelet is well; another node's pods would not come here either
 */
record NodeTarget(String name, String incarnation, String address, boolean ready) {

  static NodeTarget of(Node node) {
    Optional<NodeStatus> status = Optional.ofNullable(node.getStatus());
    String address =
        status.stream()
            .flatMap(s -> s.getAddresses().stream())
            .filter(a -> a.getType().equals("InternalIP"))
            .map(NodeAddress::getAddress)
            .findFirst()
            .orElse("");
    boolean ready =
        !address.isEmpty()
            && node.getMetadata().getDeletionTimestamp() == null
            && status.stream()
                .flatMap(s -> s.getConditions().stream())
                .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
    String boot = status.map(NodeStatus::getNodeInfo).map(info -> info.getBootID()).orElse("");
    return new NodeTarget(
        node.getMetadata().getName(),
        node.getMetadata().getUid() + "/" + boot + "/" + address,
        address,
        ready);
  }
}
