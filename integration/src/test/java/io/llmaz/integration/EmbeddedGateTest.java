package io.llmaz.integration;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.llmaz.api.Crds;
import io.llmaz.api.Policies;
import io.llmaz.local.controlplane.ControlPlane;
import io.llmaz.local.controlplane.ControlPlaneConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/** On the embedded API server. */
final class EmbeddedGateTest extends GateScenarios {
  private final ControlPlane controlPlane =
      ControlPlane.start(
          new ControlPlaneConfig(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Optional.empty()));
  private final KubernetesClient client =
      new KubernetesClientBuilder().withConfig(controlPlane.clientConfig()).build();

  EmbeddedGateTest() {
    Crds.NAMES.forEach(name -> controlPlane.apply(Crds.yaml(name)));
    Policies.NAMES.forEach(name -> controlPlane.apply(Policies.yaml(name)));
  }

  @Override
  KubernetesClient client() {
    return client;
  }

  @Override
  void apply(String yaml) {
    controlPlane.apply(yaml);
  }

  @Override
  void clean() {
    client.close();
    controlPlane.close();
  }
}
