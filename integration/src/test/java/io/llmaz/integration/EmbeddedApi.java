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

/** An embedded API server with our definitions and rules, and a client of it. */
final class EmbeddedApi implements AutoCloseable {
  private final ControlPlane controlPlane =
      ControlPlane.start(
          new ControlPlaneConfig(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Optional.empty()));
  private final KubernetesClient client =
      new KubernetesClientBuilder().withConfig(controlPlane.clientConfig()).build();

  EmbeddedApi() {
    Crds.NAMES.forEach(name -> apply(Crds.yaml(name)));
    Policies.NAMES.forEach(name -> apply(Policies.yaml(name)));
  }

  KubernetesClient client() {
    return client;
  }

  /** A bearer token of a service account. */
  String token(String namespace, String account) {
    return controlPlane.token(namespace, account);
  }

  void apply(String yaml) {
    controlPlane.apply(yaml);
  }

  @Override
  public void close() {
    client.close();
    controlPlane.close();
  }
}
