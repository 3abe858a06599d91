package io.llmaz.local.stack;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.llmaz.api.Crds;
import io.llmaz.api.Policies;
import io.llmaz.local.controlplane.ControlPlane;
import java.net.InetSocketAddress;
import java.net.URI;

/** What an installation of llmaz puts into a cluster. */
final class StackObjects {
  static final String NAMESPACE = "llmaz-system";
  static final String LOADER_IMAGE = "llmaz/model-loader:local";

  private StackObjects() {}

  /** Kinds, policies, namespaces and rights. */
  static void kinds(ControlPlane controlPlane) {
    Crds.NAMES.forEach(name -> controlPlane.apply(Crds.yaml(name)));
    Policies.NAMES.forEach(name -> controlPlane.apply(Policies.yaml(name)));
    controlPlane.apply(SystemManifest.yaml());
  }

  /**
   * The token of the hub. With P2P only the gateway's namespace holds it; without it each pod needs
   * it, as in llmaz.
   */
  static void token(KubernetesClient client, boolean p2p, String token) {
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("modelhub-secret")
                .withNamespace(p2p ? NAMESPACE : "default")
                .endMetadata()
                .addToStringData("HF_TOKEN", token)
                .build())
        .serverSideApply();
  }

  /** The configuration without P2P. */
  static void configuration(KubernetesClient client) {
    configuration(client, "");
  }

  /** The configuration with P2P through these. */
  static void configuration(
      KubernetesClient client, URI gateway, InetSocketAddress seed, int proxyPort, int uploadPort) {
    configuration(
        client,
        """
        p2p:
          enabled: true
          gateway: %s
          seeds: ["%s:%d"]
          proxy-port: %d
          upload-port: %d
        """
            .formatted(
                gateway,
                seed.getAddress().getHostAddress(),
                seed.getPort(),
                proxyPort,
                uploadPort));
  }

  private static void configuration(KubernetesClient client, String p2p) {
    client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("llmaz-global-config")
                .withNamespace(NAMESPACE)
                .endMetadata()
                .addToData("config.data", "init-container-image: " + LOADER_IMAGE + "\n" + p2p)
                .build())
        .serverSideApply();
  }
}
