package io.llmaz.local.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.HTTPHeader;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Objects;

/** Asks a container once: {@code httpGet} and {@code tcpSocket}. */
final class ProbeCheck {
  private final HttpClient client;
  private final Container container;
  private final Probe probe;
  private final String podAddress;
  private final Duration timeout;

  ProbeCheck(HttpClient client, Container container, Probe probe, String podAddress)
      throws ContainerProblem {
    if (probe.getHttpGet() == null && probe.getTcpSocket() == null) {
      throw ContainerProblem.config(
          "a local node probes by httpGet and tcpSocket; container \""
              + container.getName()
              + "\" asks for another way");
    }
    this.client = client;
    this.container = container;
    this.probe = probe;
    this.podAddress = podAddress;
    this.timeout = Duration.ofSeconds(Objects.requireNonNullElse(probe.getTimeoutSeconds(), 1));
  }

  /** Whether it answers as it should. */
  boolean succeeds() throws InterruptedException {
    try {
      if (probe.getTcpSocket() != null) {
        try (Socket socket = new Socket()) {
          socket.connect(
              new InetSocketAddress(podAddress, port(probe.getTcpSocket().getPort())),
              (int) timeout.toMillis());
          return true;
        }
      }
      int status = client.send(request(probe.getHttpGet()), BodyHandlers.discarding()).statusCode();
      return status >= 200 && status < 400;
    } catch (IOException e) {
      return false;
    }
  }

  private HttpRequest request(HTTPGetAction action) {
    String host = Objects.requireNonNullElse(action.getHost(), podAddress);
    String path = Objects.requireNonNullElse(action.getPath(), "/");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://"
                        + host
                        + ":"
                        + port(action.getPort())
                        + (path.startsWith("/") ? "" : "/")
                        + path))
            .timeout(timeout)
            .header("User-Agent", "kube-probe/llmaz-local");
    for (HTTPHeader header : action.getHttpHeaders()) {
      request.header(header.getName(), header.getValue());
    }
    return request.build();
  }

  private int port(IntOrString port) {
    if (port.getIntVal() != null) {
      return port.getIntVal();
    }
    return container.getPorts().stream()
        .filter(p -> port.getStrVal().equals(p.getName()))
        .findFirst()
        .map(p -> p.getContainerPort())
        .orElse(-1);
  }
}
