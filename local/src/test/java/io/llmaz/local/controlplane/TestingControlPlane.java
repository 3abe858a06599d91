package io.llmaz.local.controlplane;

import io.llmaz.api.Crds;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/** A control plane in memory that serves our kinds. */
final class TestingControlPlane {
  private TestingControlPlane() {}

  static ControlPlane start() {
    ControlPlane controlPlane =
        ControlPlane.start(
            new ControlPlaneConfig(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Optional.empty()));
    Crds.NAMES.forEach(name -> controlPlane.apply(Crds.yaml(name)));
    return controlPlane;
  }
}
