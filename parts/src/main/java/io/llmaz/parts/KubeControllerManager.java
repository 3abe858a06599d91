package io.llmaz.parts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Kubernetes' own controllers (Deployments, garbage collection, service accounts, …) for a {@link
 * KubeApiServer}.
 */
public final class KubeControllerManager implements AutoCloseable {
  private final RunningProgram program;

  /** Whether it and its API server are on this machine. */
  public static boolean installed() {
    return KubeApiServer.installed() && Tools.installed("kube-controller-manager");
  }

  /** Starts it with its files in a folder of this parent, and returns when it listens. */
  public KubeControllerManager(Path parent, KubeApiServer server) throws IOException {
    Path directory = Files.createDirectories(parent.resolve("kube-controller-manager"));
    int port = FreePorts.of(1).getFirst();
    program =
        new RunningProgram(
            List.of(
                Tools.require("kube-controller-manager").toString(),
                "--kubeconfig=" + server.kubeconfig(),
                "--bind-address=127.0.0.1",
                "--secure-port=" + port,
                "--cert-dir=" + directory,
                "--root-ca-file=" + server.certificate(),
                "--service-account-private-key-file=" + server.accountsKey(),
                "--use-service-account-credentials",
                "--leader-elect=false",
                "--controllers=*,-nodeipam,-cloud-node-lifecycle,-service-lb-controller"),
            directory.resolve("out.log"),
            () -> RunningProgram.listens(port));
  }

  @Override
  public void close() {
    program.close();
  }
}
